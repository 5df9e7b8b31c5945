//! What a replica can say about everything that it holds, in one number per replica.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use proto::object::v1 as wire;
use store::{ReplicaId, Version};

/// For each replica a counter n: all its writes with counters up to n were applied here, or
/// something later for the same key was.
///
/// An entry with 0 is knowledge too: that there is such a replica. A replica's own entry is its clock,
/// because nothing that it writes from then on is earlier. (Wuu and Bernstein, "Efficient Solutions to
/// the Replicated Log and Dictionary Problems", 1984, keep such a table to cut a log; Bayou's version
/// vectors are the same.)
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Knowledge(BTreeMap<ReplicaId, u64>);

impl Knowledge {
    /// The counter up to which all writes of `replica` are contained; 0 if none is.
    pub fn get(&self, replica: ReplicaId) -> u64 {
        self.0.get(&replica).copied().unwrap_or_default()
    }

    /// All writes of `replica` up to `counter` are contained from now on. It never goes down.
    pub fn raise(&mut self, replica: ReplicaId, counter: u64) {
        let known = self.0.entry(replica).or_default();
        *known = counter.max(*known);
    }

    /// Whether the write with `version` is contained.
    pub fn contains(&self, version: Version) -> bool {
        self.get(version.replica) >= version.counter
    }

    /// Adds everything that `other` contains.
    pub fn join(&mut self, other: &Self) {
        other.iter().for_each(|version| self.raise(version.replica, version.counter));
    }

    /// The entries, ascending by replica. Those with the counter 0 are no versions of writes.
    pub fn iter(&self) -> impl Iterator<Item = Version> {
        self.0.iter().map(|(replica, counter)| Version { counter: *counter, replica: *replica })
    }

    /// All replicas that this one has heard of.
    pub fn replicas(&self) -> impl Iterator<Item = ReplicaId> {
        self.0.keys().copied()
    }
}

/// The most replicas in knowledge: as many as a fleet may have.
pub const MAX_ENTRIES: usize = 1000;

/// Knowledge that no correct replica has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("what the peer knows tells of {0}; the peer is damaged or runs another program")]
pub struct BadKnowledge(&'static str);

impl FromIterator<Version> for Knowledge {
    fn from_iter<I: IntoIterator<Item = Version>>(versions: I) -> Self {
        let mut knowledge = Self::default();
        versions.into_iter().for_each(|version| knowledge.raise(version.replica, version.counter));
        knowledge
    }
}

/// Knowledge from another program is only decoded by this, whichever way it arrives.
impl TryFrom<&[wire::Version]> for Knowledge {
    type Error = BadKnowledge;

    fn try_from(versions: &[wire::Version]) -> Result<Self, BadKnowledge> {
        if versions.len() > MAX_ENTRIES {
            return Err(BadKnowledge("more than 1,000 replicas"));
        }
        let replicas: BTreeSet<_> = versions.iter().map(|version| version.replica).collect();
        match versions.len() {
            entries if entries > replicas.len() => Err(BadKnowledge("a replica twice")),
            _ if replicas.contains(&0) => Err(BadKnowledge("replica 0")),
            _ => Ok(versions.iter().copied().map(Version::from).collect()),
        }
    }
}

impl From<&Knowledge> for Vec<wire::Version> {
    fn from(knowledge: &Knowledge) -> Self {
        knowledge.iter().map(wire::Version::from).collect()
    }
}

/// `3@1,7@2`, as a version vector.
impl fmt::Display for Knowledge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let versions: Vec<_> = self.iter().map(|version| version.to_string()).collect();
        f.write_str(&versions.join(","))
    }
}
