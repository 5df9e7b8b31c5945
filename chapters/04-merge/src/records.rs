//! What merging keeps on disk besides objects. All of it begins with the letter `m`.

use std::collections::{BTreeMap, BTreeSet};

use engine::{Reader, Transaction};
use prost::Message;
use proto::object::v1 as wire;
use store::{Error, ReplicaId, Version, Write};

use crate::Knowledge;

/// What is known of the writes of other replicas. The own entry is the clock, and is not here.
const KNOWLEDGE: &[u8] = b"mknowledge";

/// The latest writes that arrived here, whether or not earlier ones did.
const LATEST: &[u8] = b"mlatest";

/// The replicas that were left behind.
const LEFT_BEHIND: &[u8] = b"mleft-behind";

#[derive(Clone, PartialEq, Message)]
struct VersionsRecord {
    #[prost(message, repeated, tag = "1")]
    entries: Vec<wire::Version>,
}

/// Those of them that went back in time.
const WENT_BACK: &[u8] = b"mwent-back";

#[derive(Clone, PartialEq, Message)]
struct ReplicasRecord {
    #[prost(uint64, repeated, tag = "1")]
    replicas: Vec<u64>,
}

/// How a record is read: in a write, or separately.
pub trait Records {
    /// The record under `key`.
    fn record(&mut self, key: &[u8]) -> Result<Option<Vec<u8>>, Error>;

    /// The record under `key` is damaged.
    fn give_up(&mut self, key: &[u8], error: &Error);

    /// The message in the record under `key`; None if it is damaged, too: what it said is rebuilt.
    fn message<M: Message + Default>(&mut self, key: &[u8]) -> Result<Option<M>, Error> {
        let Some(bytes) = self.record(key)? else { return Ok(None) };
        let read = M::decode(&*bytes);
        if let Err(error) = &read {
            self.give_up(key, &damaged(key, error));
        }
        Ok(read.ok())
    }
}

/// The next write discards it.
impl Records for Reader<'_> {
    fn record(&mut self, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.get(key)?)
    }

    fn give_up(&mut self, _key: &[u8], _error: &Error) {}
}

impl Records for Write<'_, '_> {
    fn record(&mut self, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.transaction().get(key)?)
    }

    fn give_up(&mut self, key: &[u8], error: &Error) {
        Write::give_up(self, key, error);
    }
}

/// Handles an unreadable record of this layer. None of them holds client data, and each starts
/// over:
/// - what is known of others' writes comes again, from their writers and in passes. Until then less
///   is known: peers send again what is already here, and what was deleted and collected is refused
///   by those that still know it;
/// - the latest writes of others come again with their next ones. Until then a replica that forgot
///   one finds out later;
/// - a replica that was left behind will be again, after the same absence, or because it was
///   removed; one that went back in time says so again. Meanwhile their known writes are refused as
///   echoes;
/// - lost writes are only for people to look at.
pub fn damaged(record: &[u8], what: impl ToString) -> Error {
    Error::passed_over(record, what, "it starts over, and there is nothing to do")
}

pub fn read_knowledge(records: &mut impl Records) -> Result<Knowledge, Error> {
    Ok(read_versions(records, KNOWLEDGE)?.collect())
}

pub fn write_knowledge(txn: &mut Transaction<'_>, knowledge: &Knowledge) {
    txn.put(KNOWLEDGE, VersionsRecord { entries: knowledge.into() }.encode_to_vec());
}

pub fn read_latest(records: &mut impl Records) -> Result<BTreeMap<ReplicaId, u64>, Error> {
    Ok(read_versions(records, LATEST)?.map(|version| (version.replica, version.counter)).collect())
}

pub fn write_latest(txn: &mut Transaction<'_>, latest: &BTreeMap<ReplicaId, u64>) {
    let versions = latest.iter().map(|(replica, counter)| Version { counter: *counter, replica: *replica });
    let entries = versions.map(wire::Version::from).collect();
    txn.put(LATEST, VersionsRecord { entries }.encode_to_vec());
}

fn read_versions(records: &mut impl Records, key: &[u8]) -> Result<impl Iterator<Item = Version>, Error> {
    let entries = records.message::<VersionsRecord>(key)?.unwrap_or_default().entries;
    // What is on disk was checked when it arrived; an entry without a replica says nothing.
    Ok(entries.into_iter().filter(|entry| entry.replica != 0).map(Version::from))
}

pub fn read_left_behind(records: &mut impl Records) -> Result<BTreeSet<ReplicaId>, Error> {
    read_replicas(records, LEFT_BEHIND)
}

pub fn write_left_behind(txn: &mut Transaction<'_>, replicas: &BTreeSet<ReplicaId>) {
    write_replicas(txn, LEFT_BEHIND, replicas);
}

pub fn read_went_back(records: &mut impl Records) -> Result<BTreeSet<ReplicaId>, Error> {
    read_replicas(records, WENT_BACK)
}

pub fn write_went_back(txn: &mut Transaction<'_>, replicas: &BTreeSet<ReplicaId>) {
    write_replicas(txn, WENT_BACK, replicas);
}

fn read_replicas(records: &mut impl Records, key: &[u8]) -> Result<BTreeSet<ReplicaId>, Error> {
    let record = records.message::<ReplicasRecord>(key)?.unwrap_or_default();
    Ok(record.replicas.into_iter().map(ReplicaId).collect())
}

fn write_replicas(txn: &mut Transaction<'_>, key: &[u8], replicas: &BTreeSet<ReplicaId>) {
    let replicas = replicas.iter().map(|replica| replica.0).collect();
    txn.put(key, ReplicasRecord { replicas }.encode_to_vec());
}
