//! The log of the process, on stderr.

use std::fmt::Display;
use std::io::IsTerminal;
use std::process::ExitCode;

use tracing_subscriber::EnvFilter;

use crate::error::Error;

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// For people: one line an event, in colour on a terminal.
    Human,
    /// For machines: one JSON document an event.
    Json,
}

/// Sets up the log of this process: on stderr, since stdout is for results. `filter` is a level
/// ("info"), or levels of modules ("info,h2=warn").
///
/// # Errors
/// If the filter cannot be read, or a log was set up before.
pub fn log(format: LogFormat, filter: &str) -> Result<(), Error> {
    let directives = EnvFilter::builder()
        .parse(filter)
        .map_err(|error| Error::LogFilter { filter: filter.to_owned(), reason: error.to_string() })?;
    let lines = tracing_subscriber::fmt().with_env_filter(directives).with_writer(std::io::stderr);
    let set = match format {
        LogFormat::Human => {
            let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
            lines.with_ansi(colour).try_init()
        }
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
    set.map_err(|_| Error::LogTwice)
}

/// Writes why the process ends, as the last line of its log, whether that was set up or not.
pub fn failed(format: LogFormat, error: &impl Display) -> ExitCode {
    match format {
        LogFormat::Human => eprintln!("error: {error:#}"),
        LogFormat::Json => {
            let lines = tracing_subscriber::fmt().json().flatten_event(true).with_writer(std::io::stderr);
            tracing::subscriber::with_default(lines.finish(), || tracing::error!("{error:#}"));
        }
    }
    ExitCode::from(2)
}
