//! A replica that knows its peers, and a client to talk to it.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use peers::{Node, Options};

#[derive(Parser)]
#[command(about = "A replica that knows its peers, and a client for it")]
struct Arguments {
    #[command(flatten)]
    client: client::Options,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves a store until ctrl-c or SIGTERM
    Serve(Box<Options>),
    #[command(flatten)]
    Client(client::Command),
    #[command(flatten)]
    Peers(client::PeerCommand),
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match arguments.command {
        Command::Client(command) => client::run(arguments.client, command).await,
        Command::Peers(command) => client::run_peers(arguments.client, command).await,
        Command::Serve(options) => match run(&options).await {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => serve::failed(options.log, &error),
        },
    }
}

async fn run(options: &Options) -> Result<()> {
    serve::log(options.log, &options.log_filter)?;
    let node = Node::open(options, Vec::new(), |_| {}).await?;
    node.run(|routes| routes, async {}).await?;
    Ok(())
}
