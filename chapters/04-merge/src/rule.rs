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
        // exercise 4.5: When a tombstone may go
        //
        // First: whose word is needed. That of the `members`, and of all that this replica has heard of (`ours.replicas()`). And of those that only
        // others have heard of: a replica that joined a moment ago is known to one of them first, and may
        // have got from it what you are about to forget. Every report names all whom its replica has met.
        // Not needed: `me`, and those left behind; what these report does not count either.
        todo!("exercise 4.5: When a tombstone may go")
        // end exercise 4.5
    }
}

/// Whether the tombstone with `version` may be forgotten, so that nothing it deleted can come back.
pub fn may_collect(version: Version, evidence: &Evidence) -> bool {
    // exercise 4.5, continued: may this one go?
    //
    // It may if two things are true for each replica whose word is needed. It has had the tombstone, or
    // something later of the same key: its report contains `version`. Then whatever it writes from now on is
    // later. And all that it wrote before that report has come here: `ours` goes as far as the report
    // goes for its own writes. Then whatever else is still on its way is known here, and refused as an echo.
    // Who has not reported at all may hold anything.
    todo!("exercise 4.5: When a tombstone may go")
    // end exercise 4.5
}
