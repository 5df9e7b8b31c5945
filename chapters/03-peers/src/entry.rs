//! An entry of the peer table: a replica, or that it was removed.

use std::fmt;

use prost::Message;
use proto::peer::v1::{Peer, PeerEntry};
use store::{Key, Object, ReplicaId};

use crate::{Error, directory};

/// The namespace of the table's objects.
pub const NAMESPACE: &str = "atoll.peers";

/// The latest counter that is believed. One near the end would leave the clock no room.
pub(crate) const MAX_COUNTER: u64 = u64::MAX / 2;

/// The longest address and the longest name of a region, in bytes: they stand in every table, in logs, and as
/// labels of metrics.
const MAX_ADDRESS: usize = 256;
const MAX_REGION: usize = 64;

/// The length of the name of a directory or a run, where it has one.
const NAME: usize = 16;

/// What the table holds of a replica.
#[derive(Debug, Clone, PartialEq)]
pub enum Known {
    /// Nothing.
    Unknown,
    /// It belongs to the fleet.
    Member(Peer),
    /// It was removed, and its id is not used again.
    Removed,
}

/// An entry that came from a peer, checked.
pub(crate) struct Entry {
    pub replica: ReplicaId,
    pub key: Key,
    pub object: Object,
}

/// Two data directories with one replica id.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// What this replica knew.
    pub ours: Peer,
    /// What a peer told.
    pub theirs: Peer,
}

impl Entry {
    pub fn read(entry: PeerEntry) -> Result<Self, Error> {
        let replica = ReplicaId(entry.replica);
        let bad = |what: &str| Error::BadMessage(format!("the entry of replica {replica}: {what}"));
        let object = entry.object.ok_or_else(|| bad("it has no object"))?;
        let object = Object::try_from(object).map_err(|what| bad(&what))?;
        let believable = object.version.replica.0 != 0 && (1..MAX_COUNTER).contains(&object.version.counter);
        if !believable {
            return Err(bad("its version cannot be"));
        }
        if let Known::Member(peer) = known(Some(object.clone())).map_err(|error| bad(&error.to_string()))? {
            if peer.replica != entry.replica {
                return Err(bad("it is about another one"));
            }
            check(&peer).map_err(bad)?;
        }
        Ok(Self { replica, key: key(replica)?, object })
    }
}

/// Whether what is said of a replica can be.
///
/// # Errors
/// Says what cannot.
pub(crate) fn check(peer: &Peer) -> Result<(), &'static str> {
    let plain = |text: &str| !text.contains(char::is_control);
    match peer {
        _ if peer.address.len() > MAX_ADDRESS => Err("an address has at most 256 bytes"),
        _ if peer.region.len() > MAX_REGION => Err("the name of a region has at most 64 bytes"),
        _ if !plain(&peer.address) || !plain(&peer.region) => {
            Err("addresses and names of regions have no control characters")
        }
        _ if !matches!(peer.directory.len(), 0 | NAME) => Err("the name of a directory has 16 bytes"),
        _ if !matches!(peer.run.len(), 0 | NAME) => Err("the name of a run has 16 bytes"),
        _ => Ok(()),
    }
}

/// An entry as it goes to a peer. None for an object that is none.
pub(crate) fn to_wire((key, object): (Key, Object)) -> Option<PeerEntry> {
    Some(PeerEntry { replica: replica(&key)?.0, object: Some((&object).into()) })
}

/// The replica whose entry has this key.
pub(crate) fn replica(key: &Key) -> Option<ReplicaId> {
    str::from_utf8(key.key()).ok()?.parse().ok().map(ReplicaId)
}

/// The key of a replica's entry.
pub(crate) fn key(replica: ReplicaId) -> Result<Key, Error> {
    match replica.0 {
        0 => Err(Error::BadMessage("a replica id is 1 or more".into())),
        id => Ok(Key::new(NAMESPACE, id.to_string())?),
    }
}

/// What an entry's object says.
pub(crate) fn known(object: Option<Object>) -> Result<Known, store::Error> {
    let damaged = |error: prost::DecodeError| store::Error::Damaged {
        record: format!("of a peer in {NAMESPACE}"),
        what: error.to_string(),
    };
    match object {
        None => Ok(Known::Unknown),
        Some(object) => match object.value() {
            None => Ok(Known::Removed),
            Some(value) => Peer::decode(value).map(Known::Member).map_err(damaged),
        },
    }
}

/// The conflict between two entries of one id, if they are of two replicas.
pub(crate) fn conflict(ours: &Object, theirs: &Object) -> Result<Option<Conflict>, store::Error> {
    match (known(Some(ours.clone()))?, known(Some(theirs.clone()))?) {
        (Known::Member(ours), Known::Member(theirs)) if are_two(&ours, &theirs) => {
            Ok(Some(Conflict { ours, theirs }))
        }
        _ => Ok(None),
    }
}

/// Whether two replicas have one id: their data directories are named, and not alike.
pub(crate) fn are_two(one: &Peer, other: &Peer) -> bool {
    let named = !one.directory.is_empty() && !other.directory.is_empty();
    named && one.directory != other.directory
}

/// Whether one is a copy of the other: one data directory, and two runs.
pub(crate) fn are_copies(one: &Peer, other: &Peer) -> bool {
    let named = !one.directory.is_empty() && !one.run.is_empty() && !other.run.is_empty();
    named && one.directory == other.directory && one.run != other.run
}

pub(crate) fn taken(by: &Peer) -> Error {
    Error::IdTaken { replica: ReplicaId(by.replica), address: by.address.clone() }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ours, theirs } = self;
        write!(
            f,
            "two replicas have the id {}: directory {} at {} and directory {} at {}; \
             stop one of them, and start it with an empty directory and an id of its own",
            ours.replica,
            directory::show(&ours.directory),
            ours.address,
            directory::show(&theirs.directory),
            theirs.address,
        )
    }
}
