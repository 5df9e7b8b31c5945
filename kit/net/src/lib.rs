//! The network of the tests: no sockets, no ports, and it works under tokio's paused time.
//!
//! Nothing here is generic, so hyper, h2 and tonic are compiled once, not in every test.

mod link;
mod network;
mod raw;

use std::future;
use std::io;

use axum::Extension;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use serve::Caller;
use tokio::io::DuplexStream;
use tonic::service::Routes;
use tonic::transport::{Channel, Endpoint};
use tower::Layer;

pub use network::Network;
pub use raw::raw;

/// The most bytes in flight in one direction. It is small so that the sender notices a slow reader
/// after a few messages.
const WINDOW: u32 = 64 * 1024;

/// A channel to `routes` over a pipe in memory. Each connection that the channel opens is served by
/// a task that ends with the connection.
pub async fn connect(routes: Routes) -> Channel {
    connect_as(Caller::Trusted, routes).await
}

/// The same for a client that the replica takes for `caller`.
pub async fn connect_as(caller: Caller, routes: Routes) -> Channel {
    let connector = tower::service_fn(move |_| {
        let (near, far) = tokio::io::duplex(WINDOW as usize);
        tokio::spawn(serve(caller.clone(), routes.clone(), far, protocol(WINDOW)));
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
fn protocol(window: u32) -> auto::Builder<TokioExecutor> {
    let mut protocol = auto::Builder::new(TokioExecutor::new()).http2_only();
    protocol.http2().initial_stream_window_size(window).initial_connection_window_size(window);
    protocol
}

async fn serve(caller: Caller, routes: Routes, pipe: DuplexStream, protocol: auto::Builder<TokioExecutor>) {
    let service = TowerToHyperService::new(Extension(caller).layer(routes.into_axum_router()));
    if let Err(error) = protocol.serve_connection(TokioIo::new(pipe), service).await {
        tracing::debug!(error, "a connection in memory ended");
    }
}
