//! What peers reported about themselves, in memory: after a restart they report it again.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use store::ReplicaId;
use tokio::time::Instant;

use crate::Knowledge;

/// The reports of all peers.
pub struct Reports {
    /// How long a report waits before it is used.
    settle: Duration,
    since: Instant,
    peers: Mutex<BTreeMap<ReplicaId, Peer>>,
}

struct Peer {
    heard: Instant,
    /// A report that is old enough to be used.
    settled: Option<Knowledge>,
    /// The one that will be used next, and when it arrived.
    next: Option<(Instant, Knowledge)>,
    /// The last one since: an idle peer does not repeat it.
    last: Option<(Instant, Knowledge)>,
}

impl Reports {
    pub fn new(settle: Duration) -> Self {
        Self { settle, since: Instant::now(), peers: Mutex::default() }
    }

    pub fn heard(&self, peer: ReplicaId) {
        let heard = Instant::now();
        let mut peers = self.lock();
        peers.entry(peer).or_insert(Peer { heard, settled: None, next: None, last: None }).heard = heard;
    }

    pub fn add(&self, peer: ReplicaId, knowledge: Knowledge) {
        self.heard(peer);
        if let Some(peer) = self.lock().get_mut(&peer) {
            peer.settle(self.settle);
            // A waiting report keeps its place: if each new one took it, none would ever be old
            // enough.
            let place = if peer.next.is_some() { &mut peer.last } else { &mut peer.next };
            *place = Some((peer.heard, knowledge));
        }
    }

    /// Forgets what a peer reported, but not that it was heard.
    pub fn forget(&self, peer: ReplicaId) {
        if let Some(peer) = self.lock().get_mut(&peer) {
            (peer.settled, peer.next, peer.last) = (None, None, None);
        }
    }

    /// Those that are old enough.
    pub fn settled(&self) -> BTreeMap<ReplicaId, Knowledge> {
        let mut peers = self.lock();
        peers.values_mut().for_each(|peer| peer.settle(self.settle));
        peers.iter().filter_map(|(id, peer)| Some((*id, peer.settled.clone()?))).collect()
    }

    /// How long ago a peer was last heard, as far as this process can tell.
    pub fn away(&self, peer: ReplicaId) -> Duration {
        self.lock().get(&peer).map_or(self.since, |peer| peer.heard).elapsed()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<ReplicaId, Peer>> {
        // Nothing panics while it holds the lock.
        self.peers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Peer {
    /// Starts to use the next report, if it has waited long enough.
    fn settle(&mut self, settle: Duration) {
        while self.next.as_ref().is_some_and(|(came, _)| came.elapsed() >= settle) {
            self.settled = self.next.take().map(|(_, knowledge)| knowledge);
            self.next = self.last.take();
        }
    }
}
