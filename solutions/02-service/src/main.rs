//! A replica that serves its store, and a client to talk to it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};
use engine::Engine;
use serve::{Config, LogFormat, Server, Shutdown};
use service::{Metrics, Service};
use store::{Identity, ReplicaId, Store};

#[derive(Parser)]
#[command(about = "One replica: a store behind gRPC, and a client for it")]
struct Arguments {
    #[command(flatten)]
    client: client::Options,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves a store until ctrl-c or SIGTERM
    Serve(Serve),
    #[command(flatten)]
    Client(client::Command),
}

#[derive(Args)]
struct Serve {
    /// The directory of the data; made if there is none
    directory: PathBuf,
    /// Where gRPC is served
    #[arg(long, default_value = "127.0.0.1:4400")]
    grpc: SocketAddr,
    /// Where /metrics, /healthz and /readyz are served
    #[arg(long, default_value = "127.0.0.1:4480")]
    http: SocketAddr,
    /// The id of this replica; a directory keeps the one it was made with
    #[arg(long, default_value_t = 1)]
    replica: u64,
    /// The region it stands in
    #[arg(long, default_value = "local")]
    region: String,
    /// Who answers for what it writes
    #[arg(long, default_value = "me")]
    owner: String,
    /// How the log is written
    #[arg(long, value_enum, default_value = "human")]
    log: LogFormat,
    /// How long requests in flight may take to end after a signal, in seconds; 0 cuts them off at once
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(..=86_400))]
    grace: u64,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match arguments.command {
        Command::Client(command) => client::run(arguments.client, command).await,
        Command::Serve(options) => {
            let log = options.log;
            match run(options).await {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => serve::failed(log, &error),
            }
        }
    }
}

async fn run(options: Serve) -> Result<()> {
    serve::log(options.log, "info")?;
    let grace = Duration::from_secs(options.grace);
    let (grpc, http) = (options.grpc, options.http);
    let server = Server::bind(Config { grpc, http, tls: None, trust_network: false, grace }).await?;
    let engine = Engine::leveldb(&options.directory).await?;
    let identity =
        Identity { replica: ReplicaId(options.replica), region: options.region, owner: options.owner };
    let store = Store::open(engine.clone(), identity, Vec::new()).await?;
    let shutdown = Shutdown::on_signal()?;
    let service = Service::new(store, Metrics::default(), shutdown.clone());
    server.run(service.routes(), Arc::new(service), proto::DESCRIPTORS, shutdown).await?;
    engine.close().await?;
    Ok(())
}
