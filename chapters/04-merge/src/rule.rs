//! May this tombstone be forgotten?

use std::collections::{BTreeMap, BTreeSet};

use store::{ReplicaId, Version};

use crate::Knowledge;

/// What a replica has to go by.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The replica that asks.
    pub me: ReplicaId,
    /// What it knows.
    pub ours: Knowledge,
    /// What others said of themselves. A report may be old; it stays true, for knowledge never shrinks.
    pub reports: BTreeMap<ReplicaId, Knowledge>,
    /// The members that are in the peer table here; other replicas may know of more.
    pub members: BTreeSet<ReplicaId>,
    /// Whom nobody waits for any more, and from whom nothing is taken.
    pub left_behind: BTreeSet<ReplicaId>,
}

impl Evidence {
    /// The replicas whose word is needed.
    pub fn waits_for(&self) -> BTreeSet<ReplicaId> {
        // exercise 4.5: Whose word is needed
        //
        todo!("exercise 4.5: Whose word is needed")
        // end exercise 4.5
    }
}

/// Whether the tombstone with `version` may be forgotten, so that nothing it deleted can come back.
pub fn may_collect(version: Version, evidence: &Evidence) -> bool {
    // exercise 4.5, continued: May it go?
    //
    todo!("exercise 4.5: Whose word is needed")
    // end exercise 4.5
}
