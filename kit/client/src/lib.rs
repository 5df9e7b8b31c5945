//! The client commands of a replica's program: what a person or a script asks of one replica.

mod bytes;
mod commands;
mod failure;
mod options;
mod output;

use std::io;
use std::process::ExitCode;

pub use bytes::{Bytes, Input};
pub use commands::{Command, Page, Show};
pub use options::Options;

/// Runs one command: results on stdout, errors on stderr. Exits with 0 when it is done, 1 where
/// there was nothing to get or delete, 2 after wrong use, 3 when the replica refused, 4 when the
/// replica cannot be reached. Ends quietly when nobody reads stdout any more.
pub async fn run(options: Options, command: Command) -> ExitCode {
    let address = options.endpoint.uri().to_string();
    let address = address.trim_end_matches('/');
    match commands::run(&options, command, &mut io::stdout().lock()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if let Some(text) = failure.text(address) {
                eprintln!("error: {text}");
            }
            failure.exit_code().into()
        }
    }
}
