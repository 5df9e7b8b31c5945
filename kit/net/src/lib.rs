//! The network of the tests: no sockets, no ports, and it works under tokio's paused time.
//!
//! Nothing here is generic, so hyper, h2 and tonic are compiled once, not in every test.

mod link;
mod network;
mod raw;

use std::future;
use std::io;
use std::time::Duration;

use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use tokio::io::DuplexStream;
use tonic::service::Routes;
use tonic::transport::{Channel, Endpoint};

pub use network::Network;
pub use raw::raw;

/// The most bytes on their way in one direction. It is small so that a slow reader is felt by the
/// sender after a few messages.
const WINDOW: u32 = 64 * 1024;

/// How often a server is asked whether it is still there, and how long it has to answer.
const CLIENT_KEEP_ALIVE: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(5));

/// The same for a client; as `serve` has it.
const SERVER_KEEP_ALIVE: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(20));

/// A channel to `routes` over a pipe in memory. Each connection that the channel opens is served by
/// a task that ends with the connection.
pub async fn connect(routes: Routes) -> Channel {
    let connector = tower::service_fn(move |_| {
        let (near, far) = tokio::io::duplex(WINDOW as usize);
        tokio::spawn(serve(routes.clone(), far, WINDOW));
        future::ready(Ok::<_, io::Error>(TokioIo::new(near)))
    });
    endpoint(WINDOW).connect_with_connector_lazy(connector)
}

/// The client's side of a connection.
fn endpoint(window: u32) -> Endpoint {
    Endpoint::from_static("http://replica.test")
        .initial_stream_window_size(window)
        .initial_connection_window_size(window)
}

/// The server's side of a connection.
async fn serve(routes: Routes, pipe: DuplexStream, window: u32) {
    let service = TowerToHyperService::new(routes.into_axum_router());
    let mut protocol = auto::Builder::new(TokioExecutor::new()).http2_only();
    protocol
        .http2()
        .timer(TokioTimer::new())
        .initial_stream_window_size(window)
        .initial_connection_window_size(window)
        .keep_alive_interval(SERVER_KEEP_ALIVE.0)
        .keep_alive_timeout(SERVER_KEEP_ALIVE.1);
    if let Err(error) = protocol.serve_connection(TokioIo::new(pipe), service).await {
        tracing::debug!(error, "a connection in memory ended");
    }
}
