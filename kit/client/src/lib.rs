//! The client commands of a replica's program: for people and scripts that talk to one replica.

mod bytes;
mod commands;
mod connection;
mod failure;
mod options;
mod output;
mod peers;
mod sync;
#[cfg(test)]
mod tests;

use std::io;
use std::process::ExitCode;

pub use bytes::{Bytes, Input};
pub use commands::{Command, Page, Show};
pub use options::Options;
pub use peers::PeerCommand;
pub use sync::SyncCommand;

use failure::Failure;

/// Runs one command: results on stdout, errors on stderr. Exits with 0 when it is done, 1 where
/// there was nothing to get or delete, 2 after wrong use, 3 when the replica refused, 4 when the
/// replica cannot be reached. Ends quietly when nobody reads stdout any more.
pub async fn run(options: Options, command: Command) -> ExitCode {
    let done = commands::run(&options, command, &mut io::stdout().lock()).await;
    exit(&options, done)
}

/// Runs one command about peers, and exits as [`run`] does.
pub async fn run_peers(options: Options, command: PeerCommand) -> ExitCode {
    let done = peers::run(&options, command, &mut io::stdout().lock()).await;
    exit(&options, done)
}

/// Runs one command about anti-entropy, and exits as [`run`] does.
pub async fn run_sync(options: Options, command: SyncCommand) -> ExitCode {
    let done = sync::run(&options, command, &mut io::stdout().lock()).await;
    exit(&options, done)
}

fn exit(options: &Options, done: Result<(), Failure>) -> ExitCode {
    let Err(failure) = done else { return ExitCode::SUCCESS };
    let address = options.endpoint.uri().to_string();
    if let Some(text) = failure.text(address.trim_end_matches('/')) {
        eprintln!("error: {text}");
    }
    failure.exit_code().into()
}
