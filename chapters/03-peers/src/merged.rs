//! Who reports to a table, and the outcome of a merge.

use proto::peer::v1::Peer;
use store::ReplicaId;

use crate::Error;
use crate::entry::{Conflict, Entry, Known, are_two, taken};

/// Who reports what it knows about the fleet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Teller {
    /// A member of the fleet as this replica knows it, or a seed that its operator named: it is
    /// believed.
    Member,
    /// A replica that is not in the table. It may say where it is, and nothing about others: a
    /// removal, for example, is for good.
    Newcomer(ReplicaId),
}

/// What a merge found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Merged {
    /// Whose entries were replaced, in the order of arrival.
    pub stored: Vec<ReplicaId>,
    /// Ids that turned out to have two replicas.
    pub conflicts: Vec<Conflict>,
    /// How many entries the sender was not allowed to report.
    pub ignored: usize,
    /// How many entries there was no room for.
    pub no_room: usize,
    /// This replica's standing afterwards.
    pub standing: Standing,
}

/// A replica's standing in its own table.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Standing {
    /// It belongs to the fleet.
    #[default]
    Member,
    /// It was removed.
    Removed,
    /// Another one has its id.
    Taken(Peer),
}

impl Teller {
    /// Whether it may report an entry.
    pub(crate) fn may_tell(self, entry: &Entry) -> bool {
        match self {
            Self::Member => true,
            Self::Newcomer(replica) => entry.replica == replica && !entry.object.is_tombstone(),
        }
    }
}

impl Standing {
    /// The standing of `me` in a table that has `known` under its id.
    pub(crate) fn of(known: Known, me: &Peer) -> Self {
        match known {
            Known::Removed => Self::Removed,
            Known::Member(other) if are_two(&other, me) => Self::Taken(other),
            Known::Member(_) | Known::Unknown => Self::Member,
        }
    }

    /// # Errors
    /// If the replica `me` is no longer a member, or never was.
    pub(crate) fn check(self, me: u64) -> Result<(), Error> {
        match self {
            Self::Member => Ok(()),
            Self::Removed => Err(Error::Removed(ReplicaId(me))),
            Self::Taken(by) => Err(taken(&by)),
        }
    }
}
