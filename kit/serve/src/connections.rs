//! One listener and the connections it has accepted.

use std::future::pending;
use std::net::SocketAddr;
use std::time::Duration;

use axum::middleware::from_fn;
use axum::{Extension, Router};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tower::Layer;

use crate::caller::Caller;
use crate::handshakes::Handshakes;
use crate::seat;
use crate::seats::{Seats, Sitting};
use crate::stream::{Heard, Stream};

/// The most requests in flight on one connection; the client queues the others.
const STREAMS: u32 = 256;

/// The most bytes of headers in one request.
const HEADERS: u32 = 16 * 1024;

/// How often an idle client is asked whether it is still there, and how long it has to answer.
const KEEP_ALIVE: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(20));

/// How long a new connection may say nothing.
const SILENCE: Duration = Duration::from_secs(30);

/// How long to wait when no connection can be accepted, for lack of file descriptors as a rule.
const ACCEPT_AGAIN: Duration = Duration::from_millis(100);

/// How long a client has to take leave once its connection is closed: more than a round trip around
/// the earth.
const FAREWELL: Duration = Duration::from_millis(400);

/// How a listener speaks.
pub(crate) type Protocol = auto::Builder<TokioExecutor>;

/// HTTP/2, as gRPC needs it.
pub(crate) fn http2() -> Protocol {
    let mut protocol = auto::Builder::new(TokioExecutor::new()).http2_only();
    protocol
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(HEADERS)
        .keep_alive_interval(KEEP_ALIVE.0)
        .keep_alive_timeout(KEEP_ALIVE.1);
    protocol
}

/// HTTP/1, as Prometheus and Kubernetes speak it.
pub(crate) fn http1() -> Protocol {
    let mut protocol = auto::Builder::new(TokioExecutor::new()).http1_only();
    // With a timer, hyper ends a connection whose headers don't come within 30 seconds.
    protocol.http1().timer(TokioTimer::new());
    protocol
}

/// How a connection begins, and what that says of who is at its other end.
#[derive(Clone)]
pub(crate) enum Entry {
    /// Within TLS: the certificate says it.
    Tls(Handshakes),
    /// At once, and it is this one.
    Plain(Caller),
}

impl Entry {
    /// The stream to speak on, and who speaks; nothing if there is no agreement on TLS.
    async fn accept(&self, stream: TcpStream, peer: SocketAddr) -> Option<(Stream, Caller)> {
        match self {
            Self::Plain(caller) => Some((Stream::Plain(stream), caller.clone())),
            Self::Tls(handshakes) => {
                let stream = handshakes.accept(stream, peer).await?;
                let caller = Caller::Certified(tls::holder(&stream));
                Some((Stream::Tls(Box::new(stream)), caller))
            }
        }
    }
}

/// Serves `router` on `listener`, each request with its caller, until `close`: it comes when no answer is
/// in progress, or none may be waited for. Returns when the last connection has ended.
pub(crate) async fn serve(
    listener: TcpListener,
    protocol: Protocol,
    router: Router,
    entry: Entry,
    seats: Seats,
    close: CancellationToken,
) {
    let router = router.layer(from_fn(seat::occupy));
    let speech = Speech { protocol, router, entry, close: close.clone() };
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = close.cancelled() => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    if let Some(sitting) = seats.take(peer).await {
                        tracing::debug!(%peer, "connection accepted");
                        connections.spawn(speech.clone().connection(stream, peer, sitting));
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_AGAIN).await;
                }
            },
        }
    }
    drop(listener);
    // A client that does not answer a farewell would hold up the end for as long as it likes.
    let farewell = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(FAREWELL, farewell).await.is_err() {
        connections.shutdown().await;
    }
}

/// What the connections of a listener have in common.
#[derive(Clone)]
struct Speech {
    protocol: Protocol,
    router: Router,
    entry: Entry,
    close: CancellationToken,
}

impl Speech {
    async fn connection(self, stream: TcpStream, peer: SocketAddr, mut sitting: Sitting) {
        let Self { protocol, router, entry, close } = self;
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "small messages may be delayed");
        }
        let accepted = tokio::select! {
            accepted = entry.accept(stream, peer) => accepted,
            () = close.cancelled() => return,
            () = sitting.seat.wanted() => return,
        };
        let Some((stream, caller)) = accepted else { return };
        if !sitting.is((&caller).into(), peer).await {
            return;
        }
        let (stream, heard) = Heard::new(stream, sitting.seat.paid());
        let account = Extension(sitting.seat.account().clone());
        let router = account.layer(Extension(sitting.seat.clone()).layer(Extension(peer).layer(router)));
        let service = TowerToHyperService::new(Extension(caller).layer(router));
        let mut connection = std::pin::pin!(protocol.serve_connection(TokioIo::new(stream), service));
        let silent = async {
            tokio::time::sleep(SILENCE).await;
            if heard.yet() {
                pending().await
            }
        };
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = silent => return,
            () = close.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
            () = sitting.seat.wanted() => return,
            () = sitting.idle() => {
                connection.as_mut().graceful_shutdown();
                tokio::time::timeout(FAREWELL, connection).await.unwrap_or(Ok(()))
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%peer, error, "a connection broke off");
        }
    }
}
