//! Where the comparison with each peer stands.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use merge::Knowledge;
use store::{Key, ReplicaId};

/// One pass over all keys with one peer, slice by slice.
///
/// When it has come to the last key, each replica holds all that the other knew when the pass began.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pass {
    /// The next slice begins after this key.
    pub after: Option<Key>,
    /// What this replica knew when the pass began.
    pub ours: Knowledge,
    /// What the peer knew in the first session of the pass; None before it.
    pub theirs: Option<Knowledge>,
    /// Whether this replica could not take in something that the peer sent: it does not have all then.
    pub not_taken_here: bool,
    /// Whether the peer could not take in something that this replica sent.
    pub not_taken_there: bool,
}

impl Pass {
    /// A pass from the first key on, of a replica with this knowledge.
    pub fn new(ours: Knowledge) -> Self {
        Self { ours, ..Self::default() }
    }
}

/// The passes under way, one for each peer.
///
/// A session takes its pass out and puts it back. Where another session with the same peer has it, a
/// session begins a pass of its own: so none builds on slices that another one went through. They are kept in
/// memory: after a restart all passes begin again.
#[derive(Debug, Default)]
pub struct Passes(Mutex<BTreeMap<ReplicaId, Pass>>);

impl Passes {
    /// The pass with `peer` where there is one.
    pub fn take(&self, peer: ReplicaId) -> Option<Pass> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&peer)
    }

    /// Where the next session with `peer` resumes.
    pub fn put(&self, peer: ReplicaId, pass: Pass) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(peer, pass);
    }
}
