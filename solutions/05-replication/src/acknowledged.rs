//! Up to where each peer has acknowledged this replica's writes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use store::ReplicaId;

/// For each peer, the sequence number that it acknowledged last. In memory: after a restart each
/// peer repeats it. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Acknowledged(Arc<Mutex<BTreeMap<ReplicaId, u64>>>);

impl Acknowledged {
    /// `peer` has all up to `sequence`.
    pub fn set(&self, peer: ReplicaId, sequence: u64) {
        self.lock().insert(peer, sequence);
    }

    /// What `peer` has; 0 if it has not said yet.
    pub fn of(&self, peer: ReplicaId) -> u64 {
        self.lock().get(&peer).copied().unwrap_or_default()
    }

    /// What all `members` have. Nothing if there are none: those that will join need all of it.
    pub fn by_all(&self, members: &[ReplicaId]) -> u64 {
        members.iter().map(|member| self.of(*member)).min().unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<ReplicaId, u64>> {
        // Nothing panics while it holds the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
