//! The process around a service: two listeners, and a graceful shutdown.

use std::convert::Infallible;
use std::future::pending;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::middleware::from_fn;
use tls::Tls;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use tonic_health::pb::health_server::HealthServer;
use tonic_reflection::server::Builder as Reflection;

use crate::bytes;
use crate::caller::Caller;
use crate::connections::{Entry, http1, http2, serve};
use crate::descriptors::Shares;
use crate::error::Error;
use crate::form;
use crate::handshakes::Handshakes;
use crate::health::HealthService;
use crate::pages::{Probe, Readiness, pages};
use crate::process::Process;
use crate::seats::Seats;
use crate::shutdown::Shutdown;

/// The largest question to a standard service, in bytes: a name, and little else.
const QUESTION: usize = 4 << 10;

/// Where a server listens and how it ends.
#[derive(Clone, Debug)]
pub struct Config {
    /// The address for gRPC. Port 0 takes any free port.
    pub grpc: SocketAddr,
    /// The address for the pages: metrics, liveness, readiness. Port 0 takes any free port.
    pub http: SocketAddr,
    /// TLS for the gRPC port. The pages are plain either way: Prometheus and Kubernetes have no
    /// certificate of the fleet.
    pub tls: Option<Tls>,
    /// Without TLS: whoever reaches the gRPC port may do everything. On a loopback address that is so
    /// in any case, since only this machine's processes reach it.
    pub trust_network: bool,
    /// How long requests in flight have to end once the shutdown has begun; then they are cut off.
    pub grace: Duration,
}

impl Config {
    /// Who calls the gRPC port without TLS. What counts is the address that is listened on. That of the
    /// caller says less: behind a proxy on this machine, everybody comes from this machine.
    pub fn plain_caller(&self) -> Caller {
        match self.trust_network || self.grpc.ip().is_loopback() {
            true => Caller::Trusted,
            false => Caller::Anonymous,
        }
    }
}

/// A server that has its addresses and answers once it is run.
#[derive(Debug)]
pub struct Server {
    grpc: TcpListener,
    http: TcpListener,
    config: Config,
    grpc_seats: Seats,
    http_seats: Seats,
}

impl Server {
    /// Takes the two addresses, and raises the limit of open files as far as this process may.
    ///
    /// # Errors
    /// If one of them is taken, or not one of this machine's.
    pub async fn bind(config: Config) -> Result<Self, Error> {
        let (grpc, grpc_address) = listen(config.grpc).await?;
        let (http, http_address) = listen(config.http).await?;
        let shares = Shares::raise();
        tracing::info!(
            open_files = shares.limit,
            grpc = shares.grpc,
            pages = shares.pages,
            "most connections"
        );
        Ok(Self {
            grpc,
            http,
            grpc_seats: Seats::new(shares.grpc, config.tls.is_some()),
            http_seats: Seats::new(shares.pages, false),
            config: Config { grpc: grpc_address, http: http_address, ..config },
        })
    }

    /// The address for gRPC, with the port that was taken.
    pub fn grpc(&self) -> SocketAddr {
        self.config.grpc
    }

    /// The address for the pages, with the port that was taken.
    pub fn http(&self) -> SocketAddr {
        self.config.http
    }

    /// Serves `routes`, and beside them the standard health service and reflection, until `shutdown`
    /// begins; give the routes through [`layers`](crate::layers) with the same `shutdown`. Then
    /// readiness goes down, new requests are refused, those in flight end within the grace, and the
    /// connections close, the pages last. Returns when every request has ended.
    ///
    /// # Errors
    /// If `descriptors` is no descriptor set.
    pub async fn run(
        self,
        routes: Routes,
        probe: Arc<dyn Probe>,
        descriptors: &'static [u8],
        shutdown: Shutdown,
    ) -> Result<(), Error> {
        let readiness = Readiness { probe, shutdown: shutdown.clone() };
        let grpc = with_standards(routes, readiness.clone(), descriptors)?.into_axum_router();
        let grpc = grpc.layer(from_fn(form::check));
        let (grpc_close, http_close) = (CancellationToken::new(), CancellationToken::new());
        let process = Process::new(self.grpc_seats.clone(), self.http_seats.clone());
        let grpc_entry = match self.config.tls.clone() {
            Some(tls) => Entry::Tls(Handshakes::new(tls)),
            None => Entry::Plain(self.config.plain_caller()),
        };
        tracing::info!(grpc = %self.grpc(), tls = self.config.tls.is_some(), http = %self.http(), "serving");
        let grpc = async {
            serve(self.grpc, http2(), grpc, grpc_entry, self.grpc_seats, grpc_close.clone()).await;
            shutdown.idle().await;
            http_close.cancel();
        };
        let http_entry = Entry::Plain(Caller::Anonymous);
        let http = serve(
            self.http,
            http1(),
            pages(readiness, process),
            http_entry,
            self.http_seats,
            http_close.clone(),
        );
        tokio::select! {
            _ = async { tokio::join!(grpc, http) } => {}
            never = drain(&shutdown, self.config.grace, &grpc_close) => match never {},
        }
        tracing::info!("closed");
        Ok(())
    }
}

/// Closes when the last byte of the last answer has left, or the grace is over.
async fn drain(shutdown: &Shutdown, grace: Duration, close: &CancellationToken) -> Infallible {
    shutdown.begun().await;
    tracing::info!(in_flight = shutdown.in_flight(), ?grace, "shutting down");
    if tokio::time::timeout(grace, shutdown.idle()).await.is_err() {
        tracing::warn!(in_flight = shutdown.in_flight(), "the grace is over: connections are cut");
    }
    close.cancel();
    pending().await
}

async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), Error> {
    let failed = |source| Error::Bind { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
}

/// The standard services stand outside the layers: health is to answer during the shutdown too, and
/// neither of them belongs into the metrics of the service. Strangers may ask them, so what they hold counts as
/// well.
fn with_standards(routes: Routes, readiness: Readiness, descriptors: &'static [u8]) -> Result<Routes, Error> {
    let damaged = |error: tonic_reflection::server::Error| Error::Descriptors(error.to_string());
    let reflection = || {
        Reflection::configure()
            .register_encoded_file_descriptor_set(descriptors)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
    };
    let health = HealthServer::new(HealthService::new(readiness, descriptors)?);
    let (v1, v1alpha) =
        (reflection().build_v1().map_err(damaged)?, reflection().build_v1alpha().map_err(damaged)?);
    let standards = Routes::new(health.max_decoding_message_size(QUESTION))
        .add_service(v1.max_decoding_message_size(QUESTION))
        .add_service(v1alpha.max_decoding_message_size(QUESTION))
        .into_axum_router()
        .layer(from_fn(bytes::count))
        .reset_fallback();
    Ok(routes.into_axum_router().merge(standards).into())
}
