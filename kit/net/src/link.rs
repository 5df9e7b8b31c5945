//! What lies between two replicas, and the bytes of a connection on it.

use std::time::Duration;

use tokio::io::DuplexStream;
use tokio::sync::{oneshot, watch};

/// One direction between two replicas.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Link {
    pub(crate) latency: Duration,
    pub(crate) cut: bool,
    /// How often the connections have been broken.
    resets: u64,
}

impl Link {
    pub(crate) fn reset(&mut self) {
        self.resets += 1;
    }
}

/// A connection on its way through the network.
pub(crate) struct Wire {
    pub(crate) there: watch::Receiver<Link>,
    pub(crate) back: watch::Receiver<Link>,
    pub(crate) near: DuplexStream,
    pub(crate) far: DuplexStream,
    /// How many bytes may be on their way in each direction.
    pub(crate) window: usize,
    /// Told when the first bytes of the server arrive.
    pub(crate) arrives: oneshot::Sender<()>,
}

impl Wire {
    pub(crate) async fn run(self) {
        let _ = self.arrives.send(());
    }
}
