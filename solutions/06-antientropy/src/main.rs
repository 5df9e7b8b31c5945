//! A replica that streams its writes, repairs what the streams missed, and a client to talk to it.

use std::process::ExitCode;
use std::time::Duration;

use antientropy::{AntiEntropy, Limits, Ticker};
use anyhow::Result;
use clap::{Args, Parser, Subcommand};
use merge::{Merge, WallClock};
use peers::{Node, identify};
use replication::{Log, Replicator};
use store::Layer;

#[derive(Parser)]
#[command(about = "A replica with anti-entropy, and a client for it")]
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
    #[command(flatten)]
    Sync(client::SyncCommand),
}

#[derive(Args)]
struct Serve {
    #[command(flatten)]
    node: peers::Options,
    #[command(flatten)]
    replication: replication::Options,
    #[command(flatten)]
    anti_entropy: antientropy::Options,
    /// Neither send writes to the peers as they happen nor receive theirs: only anti-entropy
    #[arg(long, env = "ATOLL_NO_STREAMING")]
    no_streaming: bool,
    /// After how many seconds away a replica is left behind
    #[arg(long, env = "ATOLL_AWAY_LIMIT", value_name = "SECONDS", value_parser = peers::whole_seconds)]
    away_limit: Option<u64>,
    /// After how many seconds tombstones are collected by a peer's report: longer than a session
    /// may take
    #[arg(long, env = "ATOLL_SETTLE", value_name = "SECONDS", value_parser = peers::whole_seconds, hide = true)]
    settle: Option<u64>,
    /// By how many seconds to shift this machine's clock
    #[arg(long, env = "ATOLL_CLOCK_OFFSET", default_value_t = 0, hide = true, allow_hyphen_values = true)]
    clock_offset: i64,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match arguments.command {
        Command::Client(command) => client::run(arguments.client, command).await,
        Command::Peers(command) => client::run_peers(arguments.client, command).await,
        Command::Sync(command) => client::run_sync(arguments.client, command).await,
        Command::Serve(options) => {
            let log = options.node.log;
            match run(*options).await {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => serve::failed(log, &error),
            }
        }
    }
}

async fn run(options: Serve) -> Result<()> {
    serve::log(options.node.log, &options.node.log_filter)?;
    let clock = WallClock::system_with_offset(options.clock_offset);
    let me = identify(&options.node.sources()?)?;
    let log = Log::new(me, clock.clone(), options.replication.log_changes);
    let mut merging = merge::Options::default();
    merging.away_limit = options.away_limit.map_or(merging.away_limit, Duration::from_secs);
    merging.settle = options.settle.map_or(merging.settle, Duration::from_secs);
    let session = Duration::from_secs(options.anti_entropy.session_limit);
    merging.check(session)?;
    let merge = Merge::new(merging, clock);
    let (streams, sessions) = (replication::Metrics::default(), antientropy::Metrics::default());

    // Without streams the log is still kept, and cut: they may be wanted at the next start.
    let layers: Vec<Box<dyn Layer>> = vec![Box::new(log.clone())];
    let node = Node::open(&options.node, layers, |registry| {
        merge.register(registry);
        streams.register(registry);
        sessions.register(registry);
    })
    .await?;
    let (store, peers, shutdown) = (node.store.clone(), node.peers.clone(), node.shutdown.clone());
    let limits = Limits { session, ..Limits::default() };
    let anti_entropy =
        AntiEntropy::new(store.clone(), merge.clone(), peers.clone(), sessions, limits, shutdown.clone());
    let replicator = Replicator::new(store, log, merge, peers, streams, shutdown, fastrand::Rng::new());
    let replicator = replicator.with(&options.replication);
    let service = (!options.no_streaming).then(|| replicator.server());
    let sync = anti_entropy.server();

    let ticker = Ticker::new(me, options.anti_entropy.sync_interval, fastrand::u64(..));
    let background = async move {
        let stream = async {
            if options.no_streaming {
                replicator.run_without_streams().await;
            } else {
                replicator.run().await;
            }
        };
        let synchronize = async {
            if !options.anti_entropy.no_anti_entropy {
                anti_entropy.run(ticker).await;
            }
        };
        tokio::join!(stream, synchronize);
    };
    let add = |routes: tonic::service::Routes| {
        let routes = routes.add_service(sync);
        match service {
            Some(service) => routes.add_service(service),
            None => routes,
        }
    };
    node.run(add, background).await?;
    Ok(())
}
