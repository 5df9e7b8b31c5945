//! What went with replicas that are gone: writes that were acknowledged, and that nobody can be asked for.

use std::collections::BTreeSet;

use crate::facts::{Facts, Version};

/// Replicas that were removed or went back in time, and what the others had of them.
pub struct Gone<'a> {
    facts: &'a Facts,
    /// What was seen at a replica that is there still, at some moment.
    reached: BTreeSet<Version>,
}

impl<'a> Gone<'a> {
    pub fn new(facts: &'a Facts) -> Self {
        let stays = |replica: &u64| !facts.removed.contains(replica) && !facts.went_back.contains(replica);
        let sights = facts.sights.iter().map(|sight| (sight.replica, &sight.data));
        let all = sights.chain(facts.data.iter().map(|(replica, data)| (*replica, data)));
        let stayed = all.filter(|(replica, _)| stays(replica));
        let reached = stayed.flat_map(|(_, data)| data.values().map(|record| record.version())).collect();
        Self { facts, reached }
    }

    /// Whether a write may be missing everywhere: its replica has gone back in time, or was removed before another
    /// one was seen with it. What one replica was seen with must come to all.
    pub fn may_have_taken(&self, version: Version) -> bool {
        let removed = self.facts.removed.contains(&version.replica) && !self.reached.contains(&version);
        removed || self.facts.went_back.contains(&version.replica)
    }
}
