//! A command line, and what comes of it.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::failure::Failure;
use crate::{Command, Options, PeerCommand, SyncCommand};

#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    command: Any,
}

#[derive(Subcommand)]
enum Any {
    /// As a program has it that serves and asks: the replica's own files are options of its own.
    Serve {
        #[arg(long, env = "ATOLL_TLS_CA")]
        tls_ca: Option<PathBuf>,
    },
    #[command(flatten)]
    Key(Command),
    #[command(flatten)]
    Peer(PeerCommand),
    #[command(flatten)]
    Sync(SyncCommand),
}

fn parse(line: &[&str]) -> Result<Arguments, clap::Error> {
    Arguments::try_parse_from([&["atoll"], line].concat())
}

/// The options of a line.
pub fn options(line: &[&str]) -> Options {
    parse(line).unwrap().options
}

/// What the command prints, or why it is not done.
pub async fn run(line: &[&str]) -> Result<String, Failure> {
    let Arguments { options, command } = parse(line).unwrap();
    let mut out = Vec::new();
    match command {
        Any::Serve { tls_ca } => out = format!("{tls_ca:?}").into_bytes(),
        Any::Key(command) => crate::commands::run(&options, command, &mut out).await?,
        Any::Peer(command) => crate::peers::run(&options, command, &mut out).await?,
        Any::Sync(command) => crate::sync::run(&options, command, &mut out).await?,
    }
    Ok(String::from_utf8(out).unwrap())
}

/// The exit status of the command, and what it says.
pub async fn fail(line: &[&str]) -> (u8, String) {
    let failure = run(line).await.unwrap_err();
    (failure.exit_code(), failure.text("REPLICA").unwrap())
}

/// What is wrong with a line that is no command.
pub fn wrong(line: &[&str]) -> String {
    parse(line).err().expect("it is refused").to_string()
}
