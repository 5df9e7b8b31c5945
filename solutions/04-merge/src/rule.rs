//! May this tombstone be forgotten?

use std::collections::{BTreeMap, BTreeSet};

use store::{ReplicaId, Version};

use crate::Knowledge;

/// The evidence that a replica has.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The replica that asks.
    pub me: ReplicaId,
    /// What it knows.
    pub ours: Knowledge,
    /// What others reported about themselves. A report may be old; it stays true, for knowledge
    /// never shrinks.
    pub reports: BTreeMap<ReplicaId, Knowledge>,
    /// The members that are in the peer table here; other replicas may know of more.
    pub members: BTreeSet<ReplicaId>,
    /// Those that nobody waits for any more, and from which nothing is accepted.
    pub left_behind: BTreeSet<ReplicaId>,
}

impl Evidence {
    /// The replicas whose reports are needed.
    pub fn waits_for(&self) -> BTreeSet<ReplicaId> {
        // exercise 4.5: When a tombstone may go
        //
        // First: whose reports are needed. Those of everybody who may still hold what is about to
        // be forgotten. Some of them are not in the peer table here: whom else has this replica
        // met, and whom have only others met? Knowledge, the own and that in each report, names the
        // `replicas` that its owner has met. Nobody waits for `me`, or for those left behind, or
        // believes what these report.
        let mut waits = self.members.clone();
        waits.extend(self.ours.replicas());
        let reporters = self.reports.iter().filter(|(replica, _)| !self.left_behind.contains(replica));
        waits.extend(reporters.flat_map(|(_, report)| report.replicas()));
        waits.retain(|replica| *replica != self.me && !self.left_behind.contains(replica));
        waits
        // end exercise 4.5
    }
}

/// Whether the tombstone with `version` may be forgotten, so that nothing it deleted can come back.
pub fn may_collect(version: Version, evidence: &Evidence) -> bool {
    // exercise 4.5, continued: may this one go?
    //
    // It may if no replica whose report is needed can bring back what it deleted. Think of one of
    // them, and of its writes that have not arrived here yet. What must its report say, so that
    // those it makes from now on are later than the tombstone? And what must be known here, so that
    // those it made before the report are refused as echoes? One that has not reported at all may
    // hold anything.
    evidence.waits_for().iter().all(|member| {
        evidence.reports.get(member).is_some_and(|report| {
            let later = report.contains(version);
            let known = evidence.ours.get(*member) >= report.get(*member);
            later && known
        })
    })
    // end exercise 4.5
}
