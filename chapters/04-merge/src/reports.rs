//! What peers said of themselves, in memory: after a restart they say it again.

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
    heard: Mutex<BTreeMap<ReplicaId, Heard>>,
}

struct Heard {
    last: Instant,
    /// A report that is old enough to be used.
    settled: Option<Knowledge>,
    /// The next, and when it came.
    next: (Instant, Knowledge),
}

impl Reports {
    pub fn new(settle: Duration) -> Self {
        Self { settle, since: Instant::now(), heard: Mutex::default() }
    }

    pub fn add(&self, peer: ReplicaId, knowledge: Knowledge) {
        let now = Instant::now();
        let mut all = self.lock();
        let Some(heard) = all.get_mut(&peer) else {
            all.insert(peer, Heard { last: now, settled: None, next: (now, knowledge) });
            return;
        };
        heard.last = now;
        // The one that waits keeps its place: if each new one took it, none would ever be old enough.
        if heard.settle(now, self.settle) {
            heard.next = (now, knowledge);
        }
    }

    /// Those that are old enough.
    pub fn settled(&self) -> BTreeMap<ReplicaId, Knowledge> {
        let now = Instant::now();
        let mut all = self.lock();
        all.values_mut().for_each(|heard| {
            heard.settle(now, self.settle);
        });
        all.iter().filter_map(|(peer, heard)| Some((*peer, heard.settled.clone()?))).collect()
    }

    /// How long ago a peer was last heard, as far as this process can tell.
    pub fn away(&self, peer: ReplicaId) -> Duration {
        self.lock().get(&peer).map_or(self.since, |heard| heard.last).elapsed()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<ReplicaId, Heard>> {
        // Nothing panics while it holds the lock.
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Heard {
    /// Whether the one that waits is old enough now; then it is the one to use.
    fn settle(&mut self, now: Instant, settle: Duration) -> bool {
        let old_enough = now - self.next.0 >= settle;
        if old_enough {
            self.settled = Some(self.next.1.clone());
        }
        old_enough
    }
}
