//! How many sessions a replica answers at once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use store::ReplicaId;

use crate::Error;

/// The most sessions of one peer that are answered at once: its own, and one on request.
pub const PEER_SESSIONS: usize = 2;

/// The sessions being answered, by peer: few in all, and fewer for each, so that a peer that opens
/// one after another does not keep out the rest. Clones share them.
#[derive(Debug, Clone)]
pub struct Slots {
    most: usize,
    taken: Arc<Mutex<BTreeMap<ReplicaId, usize>>>,
}

/// The place of one session, until it is dropped.
#[derive(Debug)]
pub struct Slot {
    slots: Slots,
    peer: ReplicaId,
}

impl Slots {
    /// Allows this many at once.
    pub fn new(most: usize) -> Self {
        Self { most, taken: Arc::default() }
    }

    /// A place for a session of `peer`.
    ///
    /// # Errors
    /// If none is free.
    pub fn take(&self, peer: ReplicaId) -> Result<Slot, Error> {
        let mut taken = self.lock();
        if taken.get(&peer).is_some_and(|sessions| *sessions >= PEER_SESSIONS) {
            return Err(Error::BusyWith(peer, PEER_SESSIONS));
        }
        if taken.values().sum::<usize>() >= self.most {
            return Err(Error::Busy(self.most));
        }
        *taken.entry(peer).or_default() += 1;
        Ok(Slot { slots: self.clone(), peer })
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<ReplicaId, usize>> {
        // Nothing panics while it holds the lock.
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut taken = self.slots.lock();
        if let Some(of_peer) = taken.get_mut(&self.peer) {
            *of_peer -= 1;
        }
        taken.retain(|_, sessions| *sessions > 0);
    }
}
