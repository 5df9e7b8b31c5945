//! What happened between two writes of a key.

use std::fmt;

use crate::Stamp;

/// How the object that a peer holds relates to the one held here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// The same write.
    Equal,
    /// The write of theirs knew of ours: an update.
    Newer,
    /// The write of ours knew of theirs: they missed an update.
    Older,
    /// Neither knew of the other: one of the two will be lost.
    Concurrent,
}

/// How `theirs` relates to `ours`.
///
/// An object's version is one write, its vector everything that the write knew of, so one of them knew
/// of the other exactly if its vector contains the other's version (Parker et al., "Detection of Mutual
/// Inconsistency in Distributed Systems", 1983; the test by version alone is that of dotted version
/// vectors: Preguiça et al., "Dotted Version Vectors: Logical Clocks for Optimistic Replication", 2010).
pub fn relation(ours: &Stamp, theirs: &Stamp) -> Relation {
    // exercise 4.2: What happened
    //
    // Say which of the four it is. A vector `contains` a version if its write knew of that version; it
    // contains its own, too. Look for the versions, and do not compare the vectors entry by entry: a
    // key that was deleted, forgotten and written again has a vector with fewer entries than before.
    todo!("exercise 4.2: What happened")
    // end exercise 4.2
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Equal => "equal",
            Self::Newer => "newer",
            Self::Older => "older",
            Self::Concurrent => "concurrent",
        })
    }
}
