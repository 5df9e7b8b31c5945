//! The anti-entropy of one replica: begins sessions, one after the other.

use std::sync::Arc;
use std::time::Duration;

use merge::Merge;
use peers::Peers;
use proto::antientropy::v1::SessionReport;
use rpc::antientropy::v1::anti_entropy_server::AntiEntropyServer;
use serve::Shutdown;
use store::{ReplicaId, Store};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::Instant;
use transcript::Ends;

use crate::pass::Passes;
use crate::service::Service;
use crate::session::{MAX_MESSAGE, STREAM, Session};
use crate::{Candidate, Error, MAX_SLICE, Metrics, Pass, Side, Tally, Ticker};

/// The most sessions that a replica has begun at once, and the most that it answers at once: each keeps
/// the keys of a slice in memory.
pub const SESSIONS: usize = 4;

/// How long a session may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most keys of a slice; at least 1, at most [`MAX_SLICE`].
    pub keys: usize,
    /// A slice ends when its checks have taken so long, however many there are.
    pub slice: Duration,
    /// A session that is not done by then has failed.
    pub session: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { keys: MAX_SLICE, slice: Duration::from_secs(10), session: Duration::from_secs(30) }
    }
}

/// The anti-entropy of one replica. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct AntiEntropy(Arc<Parts>);

struct Parts {
    store: Store,
    merge: Merge,
    peers: Peers,
    metrics: Metrics,
    limits: Limits,
    shutdown: Shutdown,
    passes: Passes,
    begun: Arc<Semaphore>,
    answered: Arc<Semaphore>,
}

impl AntiEntropy {
    /// On `store`, whose objects are merged by `merge`, with those that `peers` knows.
    pub fn new(
        store: Store,
        merge: Merge,
        peers: Peers,
        metrics: Metrics,
        limits: Limits,
        shutdown: Shutdown,
    ) -> Self {
        let (begun, answered) = (Arc::new(Semaphore::new(SESSIONS)), Arc::new(Semaphore::new(SESSIONS)));
        let passes = Passes::default();
        Self(Arc::new(Parts { store, merge, peers, metrics, limits, shutdown, passes, begun, answered }))
    }

    /// The service for `Routes::add_service`.
    pub fn server(&self) -> AntiEntropyServer<Service> {
        AntiEntropyServer::new(Service(self.clone())).max_decoding_message_size(MAX_MESSAGE)
    }
}
