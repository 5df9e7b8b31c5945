//! What a table is told, by whom, and what came of it.

use proto::peer::v1::Peer;
use store::ReplicaId;

use crate::Error;
use crate::entry::{Conflict, Entry, Known, are_two, taken};

/// Who tells what it knows of the fleet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Teller {
    /// A replica that belongs to the fleet as this one knows it, or a seed that its operator named: it is
    /// believed.
    Member,
    /// A replica that is not in the table. It may say where it is, and nothing of others: a removal, for
    /// example, is for good.
    Newcomer(ReplicaId),
}

/// What a merge found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Merged {
    /// Whose entries were replaced, in the order in which they came.
    pub stored: Vec<ReplicaId>,
    /// Replicas that turned out to be two.
    pub conflicts: Vec<Conflict>,
    /// How many entries were not the teller's to tell.
    pub ignored: usize,
    /// How many entries there was no room for.
    pub no_room: usize,
    /// How this replica stands after it.
    pub standing: Standing,
}

/// How a replica stands in its own table.
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
    /// Whether an entry is its own to tell.
    pub(crate) fn may_tell(self, entry: &Entry) -> bool {
        match self {
            Self::Member => true,
            Self::Newcomer(replica) => entry.replica == replica && !entry.object.is_tombstone(),
        }
    }
}

impl Standing {
    /// How `me` stands in a table that has `known` of its id.
    pub(crate) fn of(known: Known, me: &Peer) -> Self {
        match known {
            Known::Removed => Self::Removed,
            Known::Member(other) if are_two(&other, me) => Self::Taken(other),
            Known::Member(_) | Known::Unknown => Self::Member,
        }
    }

    /// # Errors
    /// If the replica `me`, whose standing it is, is no member any more, or never was.
    pub(crate) fn check(self, me: u64) -> Result<(), Error> {
        match self {
            Self::Member => Ok(()),
            Self::Removed => Err(Error::Removed(ReplicaId(me))),
            Self::Taken(by) => Err(taken(&by)),
        }
    }
}
