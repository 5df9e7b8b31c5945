//! Versions: which write came after which.

use std::{collections::BTreeMap, fmt};

use crate::MAX_WRITERS;
use crate::rules::VERSION_BYTES;

/// The id of a replica; 1 or more. No two replicas ever have the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReplicaId(pub u64);

/// The Lamport time of a write, and the replica that made it.
///
/// The order is total: by counter, then by replica. A write that could know of another has the
/// larger counter (Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System",
/// 1978); the replica decides between writes that could not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// The Lamport counter; 1 or more.
    pub counter: u64,
    /// The replica that made the write.
    pub replica: ReplicaId,
}

/// For each replica that wrote an object, the latest of its writes that the object contains
/// (Parker et al., "Detection of Mutual Inconsistency in Distributed Systems", 1983).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VersionVector(BTreeMap<ReplicaId, u64>);

impl VersionVector {
    /// Adds `version`, and with it all earlier writes of its replica, to the vector.
    pub fn include(&mut self, version: Version) {
        let counter = self.0.entry(version.replica).or_default();
        *counter = version.counter.max(*counter);
    }

    /// Whether the write with `version` is contained.
    pub fn contains(&self, version: Version) -> bool {
        self.0.get(&version.replica).is_some_and(|counter| *counter >= version.counter)
    }

    /// Whether a write of `replica` can be included, so that a message may still carry the vector.
    pub fn has_room_for(&self, replica: ReplicaId) -> bool {
        self.0.len() < MAX_WRITERS || self.0.contains_key(&replica)
    }

    /// How many bytes the vector has in a message, at the most.
    pub(crate) fn most_bytes(&self) -> usize {
        self.0.len() * VERSION_BYTES
    }

    /// The latest write of each replica, ascending by replica.
    pub fn iter(&self) -> impl Iterator<Item = Version> {
        self.0.iter().map(|(replica, counter)| Version { counter: *counter, replica: *replica })
    }
}

impl FromIterator<Version> for VersionVector {
    fn from_iter<I: IntoIterator<Item = Version>>(versions: I) -> Self {
        let mut vector = Self::default();
        versions.into_iter().for_each(|version| vector.include(version));
        vector
    }
}

impl fmt::Display for ReplicaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// `3@1` is the version with counter 3 of replica 1.
impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.counter, self.replica)
    }
}

/// `3@1,7@2` contains the writes of replica 1 up to counter 3 and of replica 2 up to counter 7.
impl fmt::Display for VersionVector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let versions: Vec<_> = self.iter().map(|version| version.to_string()).collect();
        f.write_str(&versions.join(","))
    }
}
