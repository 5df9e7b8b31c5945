//! The handshakes of a listener: so many at a time, and for so long.

use std::error::Error as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tls::{Error, Tls};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

/// The most handshakes at a time. Each takes about a millisecond of processor time, and some tens of
/// kilobytes.
const AT_A_TIME: usize = 256;

/// How long a connection may take to the end of its handshake, the wait for its turn included.
const PATIENCE: Duration = Duration::from_secs(20);

/// Handshakes that share the limit.
#[derive(Clone)]
pub(crate) struct Handshakes {
    tls: Tls,
    turns: Arc<Semaphore>,
}

impl Handshakes {
    pub(crate) fn new(tls: Tls) -> Self {
        Self { tls, turns: Arc::new(Semaphore::new(AT_A_TIME)) }
    }

    /// The connection within TLS; nothing where the handshake failed, which is told in the log.
    pub(crate) async fn accept(&self, stream: TcpStream, peer: SocketAddr) -> Option<tls::Stream> {
        let accepted = tokio::time::timeout(PATIENCE, async {
            let _turn = self.turns.acquire().await;
            self.tls.accept(stream).await
        });
        match accepted.await.unwrap_or(Err(Error::Late(PATIENCE))) {
            Ok(stream) => Some(stream),
            Err(error) => {
                let source = error.source().map(tracing::field::display);
                tracing::debug!(%peer, %error, source, "a TLS handshake failed");
                None
            }
        }
    }
}
