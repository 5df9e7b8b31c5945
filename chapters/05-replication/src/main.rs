//! A replica that sends its writes to its peers and applies theirs, and a client to talk to it.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};
use merge::{Merge, WallClock};
use peers::{Node, identify};
use replication::{Log, Metrics, Replicator};

#[derive(Parser)]
#[command(about = "A replica that replicates, and a client for it")]
struct Arguments {
    #[command(flatten)]
    client: client::Options,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves a store until ctrl-c or SIGTERM
    Serve(Box<Serve>),
    #[command(flatten)]
    Client(client::Command),
    #[command(flatten)]
    Peers(client::PeerCommand),
}

#[derive(Args)]
struct Serve {
    #[command(flatten)]
    node: peers::Options,
    #[command(flatten)]
    replication: replication::Options,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match arguments.command {
        Command::Client(command) => client::run(arguments.client, command).await,
        Command::Peers(command) => client::run_peers(arguments.client, command).await,
        Command::Serve(options) => match run(&options).await {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => serve::failed(options.node.log, &error),
        },
    }
}

async fn run(options: &Serve) -> Result<()> {
    serve::log(options.node.log, &options.node.log_filter)?;
    let clock = WallClock::system();
    let me = identify(&options.node.sources()?)?;
    let log = Log::new(me, clock.clone(), options.replication.log_changes);
    let (merge, metrics) = (Merge::new(merge::Options::default(), clock), Metrics::default());
    let node = Node::open(&options.node, vec![Box::new(log.clone())], |registry| {
        merge.register(registry);
        metrics.register(registry);
    })
    .await?;
    let (store, peers, shutdown) = (node.store.clone(), node.peers.clone(), node.shutdown.clone());
    let replicator = Replicator::new(store, log, merge, peers, metrics, shutdown, fastrand::Rng::new());
    let replicator = replicator.with(&options.replication);
    let service = replicator.server();
    node.run(|routes| routes.add_service(service), async move { replicator.run().await }).await?;
    Ok(())
}
