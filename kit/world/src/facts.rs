//! What was seen of a fleet: plain values, which the invariants judge.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use proto::object::v1;

/// The version of a write; later ones are greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// The Lamport counter.
    pub counter: u64,
    /// The replica that wrote.
    pub replica: u64,
}

/// What became of a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The replica said that it is on disk.
    Acknowledged(Version),
    /// The replica had nothing to delete.
    Nothing,
    /// No answer, or an error: it may have been written, then or later, or not at all.
    Unknown(String),
}

/// A write or a delete that a client sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// Its number in the schedule.
    pub number: usize,
    /// Where it was sent to.
    pub replica: u64,
    /// The key.
    pub key: String,
    /// The value; `None` deletes.
    pub value: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
}

/// What a replica holds of a key.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The value; `None` in a tombstone.
    pub value: Option<String>,
    /// All else.
    pub metadata: v1::Metadata,
}

/// All that a replica holds, tombstones too.
pub type Data = BTreeMap<String, Record>;

/// What a replica holds on to while nothing happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rest {
    /// Its tasks.
    pub tasks: u64,
    /// Its file descriptors, but those of the files of its store; `None` where the system doesn't tell.
    pub descriptors: Option<usize>,
}

/// For each replica a counter: all its writes up to there were taken in, or something later of the same key was.
pub type Vector = BTreeMap<u64, u64>;

/// What a replica held at one moment of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sight {
    /// The replica.
    pub replica: u64,
    /// What it held.
    pub data: Data,
    /// What it said that it knows; empty where that is not asked.
    pub knows: Vector,
    /// How often its directory had been replaced by something older.
    pub replaced: u64,
}

/// A write that a replica says was lost: neither it nor the later one knew of the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// The key.
    pub key: String,
    /// What was lost.
    pub lost: Version,
    /// What won.
    pub winner: Version,
}

/// How long the replicas took to agree after the last fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Convergence {
    /// None where they did not.
    pub took: Option<Duration>,
    /// How long they may take.
    pub within: Duration,
}

/// All that was seen of a fleet in one run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Every write that was sent, in the order of the schedule.
    pub writes: Vec<Write>,
    /// What replicas held in between, in the order of time.
    pub sights: Vec<Sight>,
    /// What each replica holds at the end.
    pub data: BTreeMap<u64, Data>,
    /// How each replica rested before the run.
    pub before: BTreeMap<u64, Rest>,
    /// How each replica rests at the end.
    pub after: BTreeMap<u64, Rest>,
    /// How many tombstones were collected at the end.
    pub collected: u64,
    /// What a replica logged and no replica should have.
    pub complaints: Vec<String>,
    /// What each replica says that it knows at the end, where that was asked.
    pub knows: BTreeMap<u64, Vector>,
    /// How long they took to agree; None where only the machine's speed would be told.
    pub convergence: Option<Convergence>,
    /// Replicas whose directory was replaced by something older, or that a copy was started of; and the copies.
    pub went_back: BTreeSet<u64>,
    /// What each replica keeps as lost at the end.
    pub lost: BTreeMap<u64, Vec<Loss>>,
    /// Those that were started under the id of another one, and that id. Everywhere else here such a one has a number
    /// of its own.
    pub doubles: BTreeMap<u64, u64>,
    /// Replicas that an operator removed for good.
    pub removed: BTreeSet<u64>,
    /// Replicas that say that they are no part of the fleet any more, and why.
    pub withdrawn: BTreeMap<u64, String>,
    /// Pairs of replicas, who sends and who receives, between which streams ran and brought nothing.
    pub silent: BTreeSet<(u64, u64)>,
    /// How many tasks each replica had when all of them had ended in good order.
    pub left: BTreeMap<u64, usize>,
}

impl Facts {
    /// The id that a replica has, and gives to its writes.
    pub fn id(&self, replica: u64) -> u64 {
        self.doubles.get(&replica).copied().unwrap_or(replica)
    }

    /// What the replicas hold that are part of the fleet.
    pub fn members(&self) -> impl Iterator<Item = (u64, &Data)> {
        let is_member = |replica: &u64| {
            !self.withdrawn.contains_key(replica) && !self.removed.contains(&self.id(*replica))
        };
        let members = self.data.iter().filter(move |(replica, _)| is_member(replica));
        members.map(|(replica, data)| (*replica, data))
    }
}

impl Rest {
    /// The lesser of each.
    #[must_use]
    pub fn least(self, other: Self) -> Self {
        Self { tasks: self.tasks.min(other.tasks), descriptors: self.descriptors.min(other.descriptors) }
    }

    /// Whether it is no more than that.
    pub fn is_within(self, limit: Self) -> bool {
        self.tasks <= limit.tasks && self.descriptors <= limit.descriptors
    }
}

impl Record {
    /// The version of the write that made it what it is.
    pub fn version(&self) -> Version {
        let version = self.metadata.version.unwrap_or_default();
        Version { counter: version.counter, replica: version.replica }
    }
}

impl Write {
    /// The version, where it is known.
    pub fn version(&self) -> Option<Version> {
        match self.outcome {
            Outcome::Acknowledged(version) => Some(version),
            Outcome::Nothing | Outcome::Unknown(_) => None,
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.counter, self.replica)
    }
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Some(value) => write!(f, "{} {value}", self.version()),
            None => write!(f, "{} tombstone", self.version()),
        }
    }
}

impl fmt::Display for Write {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Some(value) => write!(f, "put {} {value}", self.key)?,
            None => write!(f, "delete {} (w{})", self.key, self.number)?,
        }
        write!(f, " at replica {}: ", self.replica)?;
        match &self.outcome {
            Outcome::Acknowledged(version) => write!(f, "acknowledged as {version}"),
            Outcome::Nothing => write!(f, "there was nothing to delete"),
            Outcome::Unknown(reason) => write!(f, "not acknowledged ({reason})"),
        }
    }
}
