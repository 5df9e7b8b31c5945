//! A store to try by hand: opens a directory, and puts, gets, deletes, scans or dumps.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use engine::Engine;
use store::{Dump, Identity, Key, ReplicaId, Scan, Store};

#[derive(Parser)]
#[command(about = "A single node: objects with versions and tombstones, in a directory")]
struct Arguments {
    /// The directory of the data; created if missing
    directory: PathBuf,
    /// The id of this replica; a directory keeps the one that it was created with
    #[arg(long, default_value_t = 1)]
    replica: u64,
    /// The namespace
    #[arg(long, default_value = "default")]
    namespace: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Sets the value of a key
    Put { key: String, value: String },
    /// Prints the value of a key; exit status 1 if there is none
    Get { key: String },
    /// Deletes a key
    Delete { key: String },
    /// Prints keys and values, in order
    Scan {
        /// Only keys with this prefix
        #[arg(default_value = "")]
        prefix: String,
        /// The most to print
        #[arg(long, default_value_t = 100)]
        limit: usize,
        /// Only keys after this one
        #[arg(long)]
        after: Option<String>,
        /// Tombstones too
        #[arg(long)]
        tombstones: bool,
    },
    /// Prints every record of the database
    Dump,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Whether what was asked for was found.
async fn run(arguments: Arguments) -> Result<bool> {
    let engine = Engine::leveldb(&arguments.directory).await?;
    let identity =
        Identity { replica: ReplicaId(arguments.replica), region: "local".into(), owner: "me".into() };
    let store = Store::open(engine.clone(), identity, Vec::new()).await?;
    let found = execute(&store, arguments.namespace, arguments.command).await;
    engine.close().await?;
    found
}

async fn execute(store: &Store, namespace: String, command: Command) -> Result<bool> {
    let mut out = io::stdout().lock();
    match command {
        Command::Put { key, value } => {
            let object = store.put(&Key::new(namespace, key)?, value).await?;
            writeln!(out, "{}", object.version)?;
        }
        Command::Get { key } => match store.get(&Key::new(namespace, key)?).await? {
            Some(object) => {
                out.write_all(object.value().unwrap_or_default())?;
                writeln!(out)?;
            }
            None => return Ok(false),
        },
        Command::Delete { key } => match store.delete(&Key::new(namespace, key)?).await? {
            Some(tombstone) => writeln!(out, "{}", tombstone.version)?,
            None => writeln!(out, "nothing to delete")?,
        },
        Command::Scan { prefix, limit, after, tombstones } => {
            let (namespace, prefix) = (namespace.into(), prefix.into());
            let scan = Scan { namespace, prefix, after: after.map(Into::into), limit, tombstones };
            let page = store.scan(scan).await?;
            for (key, object) in page.objects {
                let value =
                    object.value().map_or("tombstone".into(), |value| value.escape_ascii().to_string());
                writeln!(out, "{}\t{}\t{value}", key.key().escape_ascii(), object.version)?;
            }
            if let Some(next) = page.next {
                writeln!(out, "more: --after '{}'", next.escape_ascii())?;
            }
        }
        Command::Dump => write!(out, "{}", Dump::of(store.engine()).await?)?,
    }
    Ok(true)
}
