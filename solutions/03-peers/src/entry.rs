//! An entry of the peer table: a replica, or that it was removed.

use std::fmt;

use prost::Message;
use proto::peer::v1::{Peer, PeerEntry};
use store::{BadObject, Key, Object, ReplicaId};

use crate::{Error, address, directory};

/// The namespace of the table's objects.
pub const NAMESPACE: &str = "atoll.peers";

/// The longest address and the longest name of a region, in bytes: they are in every table, in
/// logs, and in metric labels.
const MAX_ADDRESS: usize = 256;
const MAX_REGION: usize = 64;

/// The length of the name of a directory or a run, if it has one.
const NAME: usize = 16;

/// The longest entry, in bytes: the longest table fits into the largest message that tonic reads, 4 MiB.
const MAX_BYTES: usize = 4_000;

/// What the table holds about a replica.
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
    /// What a peer said.
    pub theirs: Peer,
}

impl Entry {
    pub fn read(entry: PeerEntry) -> Result<Self, Error> {
        let replica = ReplicaId(entry.replica);
        let bad = |what: BadObject| Error::BadMessage(format!("the entry of replica {replica}: {what}"));
        let object = entry.object.ok_or(BadObject("it has no object")).map_err(bad)?;
        let (key, object) = (key(replica)?, Object::try_from(object).map_err(bad)?);
        vet(&key, &object).map_err(bad)?;
        Ok(Self { replica, key, object })
    }
}

/// Whether the table may hold `object` under `key`, whichever way it arrived.
///
/// # Errors
/// Says what may not be.
pub(crate) fn vet(key: &Key, object: &Object) -> Result<(), BadObject> {
    let replica = replica(key).ok_or(BadObject("its key is no replica id"))?;
    if object.metadata().encoded_len() + object.value().unwrap_or_default().len() > MAX_BYTES {
        return Err(BadObject("it has more than 4,000 bytes"));
    }
    let Some(value) = object.value() else { return Ok(()) };
    let peer = Peer::decode(value).map_err(|_| BadObject("its value is no Peer"))?;
    match check(&peer) {
        Ok(()) if peer.replica != replica.0 => Err(BadObject("it is about another one")),
        checked => checked.map_err(BadObject),
    }
}

/// Whether a replica's entry is valid.
///
/// # Errors
/// Says what is wrong.
pub(crate) fn check(peer: &Peer) -> Result<(), &'static str> {
    let plain = peer.address.bytes().all(|byte| byte.is_ascii_graphic());
    let name = peer.region.chars().all(|each| each.is_alphanumeric() || "-_./ ".contains(each));
    match peer {
        _ if peer.address.len() > MAX_ADDRESS => Err("an address has at most 256 bytes"),
        _ if peer.region.len() > MAX_REGION => Err("the name of a region has at most 64 bytes"),
        _ if !plain => Err("an address is ASCII, without spaces"),
        _ if address::read(&peer.address).is_err() => {
            Err("an address is http://HOST:PORT or https://HOST:PORT")
        }
        _ if !name => Err("the name of a region has letters, digits, spaces, and - _ . /"),
        _ if !matches!(peer.directory.len(), 0 | NAME) => Err("the name of a directory has 16 bytes"),
        _ if !matches!(peer.run.len(), 0 | NAME) => Err("the name of a run has 16 bytes"),
        _ => Ok(()),
    }
}

/// An entry as it goes to a peer. None for an object that no peer would accept.
pub(crate) fn to_wire((key, object): (Key, Object)) -> Option<PeerEntry> {
    vet(&key, &object).ok()?;
    Some(PeerEntry { replica: replica(&key)?.0, object: Some((&object).into()) })
}

/// The replica whose entry has this key.
pub(crate) fn replica(key: &Key) -> Option<ReplicaId> {
    let id: u64 = str::from_utf8(key.key()).ok()?.parse().ok()?;
    // One id has one key: "07" is not one.
    (id > 0 && id.to_string().as_bytes() == key.key()).then_some(ReplicaId(id))
}

/// The key of a replica's entry.
pub(crate) fn key(replica: ReplicaId) -> Result<Key, Error> {
    match replica.0 {
        0 => Err(Error::BadMessage("a replica id is 1 or more".into())),
        id => Ok(Key::new(NAMESPACE, id.to_string())?),
    }
}

/// What the table holds under `key`. An invalid record is skipped: then nothing is known.
pub(crate) fn known(key: &Key, object: Option<&Object>) -> Known {
    let Some(object) = object.filter(|object| vet(key, object).is_ok()) else { return Known::Unknown };
    match object.value().map(Peer::decode) {
        None => Known::Removed,
        Some(Ok(peer)) => Known::Member(peer),
        Some(Err(_)) => Known::Unknown,
    }
}

/// The conflict between two entries of one id, if they belong to two replicas.
pub(crate) fn conflict(key: &Key, ours: &Object, theirs: &Object) -> Option<Conflict> {
    match (known(key, Some(ours)), known(key, Some(theirs))) {
        (Known::Member(ours), Known::Member(theirs)) if are_two(&ours, &theirs) => {
            Some(Conflict { ours, theirs })
        }
        _ => None,
    }
}

/// Whether two replicas have one id: their data directories have names, and the names differ.
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
            "two replicas have the id {0}: directory {1} at {2} and directory {3} at {4}; remove that id \
             (remove-peer {0}), and start both with empty directories, ids of their own and the addresses of \
             others (--seeds)",
            ours.replica,
            directory::show(&ours.directory),
            ours.address,
            directory::show(&theirs.directory),
            theirs.address,
        )
    }
}
