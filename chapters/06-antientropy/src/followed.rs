//! How far this replica, as the remote, has followed the pass of each initiator.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use store::ReplicaId;

use crate::shown::Shown;

/// For each initiator, the last record of the last slice that was followed from the first key on,
/// with nothing left out and everything applied, and what its slices have shown.
///
/// With the last slice of a pass the initiator says what it knew when the pass began. A remote that
/// has followed the whole pass has all of that. One that saw only the last slice does not, and must
/// not believe it: slices that another process of this replica applied, for example, may be lost
/// with its disk. In memory, so after a restart the pass in progress is not followed, and the next
/// one is.
#[derive(Debug, Default)]
pub struct Followed(Mutex<BTreeMap<ReplicaId, (Vec<u8>, Shown)>>);

impl Followed {
    /// What the pass of `initiator` has shown so far, if a slice that begins after this record
    /// continues where the last one ended; None if it does not. An empty record begins a pass.
    pub fn goes_on(&self, initiator: ReplicaId, after: &[u8]) -> Option<Shown> {
        if after.is_empty() {
            return Some(Shown::default());
        }
        self.lock().get(&initiator).filter(|(through, _)| through == after).map(|(_, shown)| shown.clone())
    }

    /// A slice was followed to this record; None is the last key of all, which ends the pass.
    pub fn through(&self, initiator: ReplicaId, record: Option<Vec<u8>>, shown: Shown) {
        match record {
            Some(record) => drop(self.lock().insert(initiator, (record, shown))),
            None => self.lost(initiator),
        }
    }

    /// Stops following the pass in progress.
    pub fn lost(&self, initiator: ReplicaId) {
        self.lock().remove(&initiator);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<ReplicaId, (Vec<u8>, Shown)>> {
        // Nothing panics while it holds the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
