//! What went with replicas that are gone: writes that were acknowledged, and that nobody can be asked for.

use std::collections::BTreeSet;

use crate::facts::{Facts, Sight, Version};

/// A write as it is seen.
type Seen<'a> = (&'a str, Version, Option<&'a str>);

/// Replicas that were removed or went back in time, and what the others had of them.
pub struct Gone<'a> {
    facts: &'a Facts,
    /// What was seen at a replica that is there still, at some moment.
    reached: BTreeSet<Seen<'a>>,
}

impl<'a> Gone<'a> {
    pub fn new(facts: &'a Facts) -> Self {
        let sights = facts.sights.iter().map(|sight| (sight.replica, &sight.data));
        let all = sights.chain(facts.data.iter().map(|(replica, data)| (*replica, data)));
        let stayed = all.filter(|(replica, _)| {
            !facts.removed.contains(&facts.id(*replica)) && !facts.went_back.contains(replica)
        });
        let reached = stayed.flat_map(|(_, data)| {
            data.iter().map(|(key, record)| (key.as_str(), record.version(), record.value.as_deref()))
        });
        Self { facts, reached: reached.collect() }
    }

    /// Whether a write may be missing everywhere: its replica went back in time or was removed, and no other one was
    /// ever seen with it. What one replica was seen with must come to all.
    pub fn may_have_taken(&self, key: &str, version: Version, value: Option<&str>) -> bool {
        self.is_gone(version.replica) && !self.reached.contains(&(key, version, value))
    }

    /// Whether a replica held this delete of one that is gone at some moment: nobody is left to tell it that it has
    /// all up to there, and its tombstone is collected without the one that is gone.
    pub fn left_with(&self, replica: u64, key: &str, version: Version) -> bool {
        let held = |sight: &Sight| {
            sight.replica == replica && sight.data.get(key).is_some_and(|record| record.version() == version)
        };
        self.is_gone(version.replica) && self.facts.sights.iter().any(held)
    }

    fn is_gone(&self, replica: u64) -> bool {
        self.facts.removed.contains(&replica) || self.facts.went_back.contains(&replica)
    }
}
