//! How far the comparison with each peer has got.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use merge::Knowledge;
use store::{Key, ReplicaId};

use crate::shown::Shown;

/// One pass over all keys with one peer, slice by slice.
///
/// When it has reached the last key, each replica holds everything that the other knew when the
/// pass began.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pass {
    /// The next slice begins after this key.
    pub after: Option<Key>,
    /// What this replica knew when the pass began.
    pub ours: Knowledge,
    /// What the peer knew in the first session of the pass; None before it.
    pub theirs: Option<Knowledge>,
    /// Whether this replica could not apply something that the peer sent: then it does not have
    /// everything.
    pub not_taken_here: bool,
    /// Whether the peer could not apply something that this replica sent.
    pub not_taken_there: bool,
    /// What the slices so far have shown of what the peer holds.
    pub(crate) shown: Shown,
}

impl Pass {
    /// A pass from the first key on, of a replica with this knowledge.
    pub fn new(ours: Knowledge) -> Self {
        Self { ours, ..Self::default() }
    }

    /// What this replica may adopt when the pass has reached the last key, as far as the pass has
    /// shown it: nothing, if it does not have everything that the peer sent.
    pub fn learnt(&self) -> Option<Knowledge> {
        let whole = self.after.is_none() && !self.not_taken_here;
        self.theirs.clone().filter(|_| whole)
    }
}

/// The passes in progress, one for each peer.
///
/// A session takes its pass out. If another session with the same peer has it, a session begins its
/// own pass: so none builds on another's slices. They are kept in memory: after a restart all
/// passes begin again.
#[derive(Debug, Default)]
pub struct Passes(Mutex<BTreeMap<ReplicaId, Pass>>);

/// A pass that a session has taken out. Dropping this puts it back: unchanged if the session
/// failed, so that the next one resumes with the same slice.
pub struct Taken<'a> {
    passes: &'a Passes,
    peer: ReplicaId,
    /// The pass.
    pub pass: Pass,
}

impl Passes {
    /// The pass with `peer`, or if there is none, a new one of a replica with this knowledge.
    pub fn take(&self, peer: ReplicaId, ours: Knowledge) -> Taken<'_> {
        let pass = self.lock().remove(&peer).unwrap_or_else(|| Pass::new(ours));
        Taken { passes: self, peer, pass }
    }

    /// Where the next session with `peer` begins, without taking it.
    pub fn look(&self, peer: ReplicaId) -> Option<Pass> {
        self.lock().get(&peer).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<ReplicaId, Pass>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        // Before the first slice and after the last there is nothing to resume.
        if self.pass.after.is_some() {
            self.passes.lock().insert(self.peer, std::mem::take(&mut self.pass));
        }
    }
}
