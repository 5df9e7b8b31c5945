//! The handshakes of a listener: so many at a time, and for so long.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tls::Tls;
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

/// The most handshakes at a time: each takes some tens of kilobytes.
const AT_A_TIME: usize = 512;

/// Handshakes that share the limit.
#[derive(Clone)]
pub(crate) struct Handshakes {
    tls: Tls,
    under_way: Arc<Mutex<UnderWay>>,
}

/// The handshakes in progress, in the order in which they began.
#[derive(Default)]
struct UnderWay {
    next: u64,
    handshakes: BTreeMap<u64, CancellationToken>,
}

impl Handshakes {
    pub(crate) fn new(tls: Tls) -> Self {
        Self { tls, under_way: Arc::default() }
    }

    /// The connection within TLS; nothing if the handshake failed, which is told in the log, or had to make
    /// room.
    ///
    /// Nobody waits for a turn: those who never say a word would have all turns, for as long as they are given.
    /// Where there are too many, the one that has taken the longest time makes room. Who works is done before it
    /// is the oldest, after two round trips.
    pub(crate) async fn accept(&self, stream: TcpStream, peer: SocketAddr) -> Option<tls::Stream> {
        let handshake = self.begin();
        let accepted = tokio::select! {
            biased;
            accepted = self.tls.accept(stream) => accepted,
            () = handshake.room_is_needed.cancelled() => {
                tracing::debug!(%peer, "a TLS handshake made room for a new one");
                return None;
            }
        };
        match accepted {
            Ok(stream) => Some(stream),
            Err(error) => {
                let source = error.source().map(tracing::field::display);
                tracing::debug!(%peer, %error, source, "a TLS handshake failed");
                None
            }
        }
    }

    fn begin(&self) -> Handshake {
        let room_is_needed = CancellationToken::new();
        let mut under_way = self.under_way();
        if under_way.handshakes.len() >= AT_A_TIME
            && let Some((_, oldest)) = under_way.handshakes.pop_first()
        {
            oldest.cancel();
        }
        let number = under_way.next;
        under_way.next += 1;
        under_way.handshakes.insert(number, room_is_needed.clone());
        Handshake { number, room_is_needed, all: self.clone() }
    }

    fn under_way(&self) -> MutexGuard<'_, UnderWay> {
        // Nothing panics while it holds the lock.
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A handshake in progress, until this is dropped.
struct Handshake {
    number: u64,
    room_is_needed: CancellationToken,
    all: Handshakes,
}

impl Drop for Handshake {
    fn drop(&mut self) {
        self.all.under_way().handshakes.remove(&self.number);
    }
}
