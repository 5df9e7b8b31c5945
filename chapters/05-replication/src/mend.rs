//! Repairs a log with damaged records: everything in it follows from the objects and from the rest
//! of the log.
//!
//! An entry must not be skipped, because the peer would assume that all writes up to the next have
//! arrived, nor may it end every stream. An entry names the key of a write. If the key still holds
//! that write, it is found among the objects. If not, something later has replaced it, and nobody
//! needs the entry.

use std::collections::BTreeMap;
use std::time::Duration;

use store::{Error, Key, ReplicaId, Store, Version};

use crate::record::{self, CUT, ENTRIES, Entry, LAST, Place};

/// How many records are read at once.
const CHUNK: usize = 1000;

/// What a walk over the log has found.
#[derive(Default)]
struct Walk {
    /// For each damaged entry the sequence number, its ordinal, and roughly when it was written.
    damaged: BTreeMap<u64, (u64, Duration)>,
    /// Records among the entries that name no write.
    nameless: Vec<Vec<u8>>,
    /// The first entry.
    first: Option<Place>,
    /// The ordinal of the last one.
    last: u64,
    written: Duration,
}

/// Repairs the log of `store`, as replica `me` has written it.
///
/// # Errors
/// If the engine failed.
pub async fn mend(store: &Store, me: ReplicaId) -> Result<(), Error> {
    let walk = walk(store).await?;
    let mut keys = BTreeMap::new();
    if !walk.damaged.is_empty() {
        keys = find(store, me, &walk.damaged).await?;
    }
    let clock = store.clock().await?;
    let mend = store.write(move |write| {
        let txn = write.transaction();
        for (sequence, (ordinal, written)) in walk.damaged {
            match keys.remove(&sequence) {
                Some(key) => txn.put(record::entry(sequence), Entry { ordinal, written, key }.encode()),
                None => txn.delete(record::entry(sequence)),
            }
        }
        walk.nameless.into_iter().for_each(|record| txn.delete(record));
        if record::number(LAST, txn.get(LAST)?).is_err() {
            txn.put(LAST, walk.last.to_be_bytes());
        }
        if record::place(CUT, txn.get(CUT)?).is_err() {
            // No write of this replica lies between what was cut and the first entry.
            let all = Place { sequence: clock, ordinal: walk.last };
            let before = |first: Place| Place {
                sequence: first.sequence.saturating_sub(1),
                ordinal: first.ordinal.saturating_sub(1),
            };
            txn.put(CUT, walk.first.map_or(all, before).encode());
        }
        Ok(())
    });
    mend.await
}

async fn walk(store: &Store) -> Result<Walk, Error> {
    let cut = store.engine().read(|reader| Ok::<_, Error>(record::place(CUT, reader.get(CUT)?))).await?;
    let last = store.engine().read(|reader| Ok::<_, Error>(record::number(LAST, reader.get(LAST)?))).await?;
    for (record, error) in [(CUT, cut.as_ref().err()), (LAST, last.as_ref().err())] {
        error.iter().for_each(|error| store.tell_damaged(record, error));
    }
    let mut after = cut.as_ref().ok().map(|cut| record::entry(cut.sequence));
    let mut walk = Walk { last: cut.map_or(0, |cut| cut.ordinal), ..Walk::default() };
    loop {
        let from = after.take();
        let rows = store.engine().read(move |reader| reader.scan(ENTRIES, from.as_deref(), CHUNK)).await?;
        let Some((last, _)) = rows.last() else { return Ok(walk) };
        after = Some(last.clone());
        for (record, value) in rows {
            let sequence = match record::sequence(&record) {
                Ok(sequence) => sequence,
                Err(error) => {
                    store.tell_damaged(&record, &error);
                    walk.nameless.push(record);
                    continue;
                }
            };
            match Entry::decode(&record, &value) {
                Ok(entry) => {
                    walk.first.get_or_insert(Place { sequence, ordinal: entry.ordinal });
                    (walk.last, walk.written) = (entry.ordinal, entry.written);
                }
                Err(error) => {
                    store.tell_damaged(&record, &error);
                    walk.last += 1;
                    walk.first.get_or_insert(Place { sequence, ordinal: walk.last });
                    walk.damaged.insert(sequence, (walk.last, walk.written));
                }
            }
        }
    }
}

/// The keys that still hold the writes of `me` with these numbers.
async fn find<T>(
    store: &Store,
    me: ReplicaId,
    wanted: &BTreeMap<u64, T>,
) -> Result<BTreeMap<u64, Key>, Error> {
    let (mut found, mut after) = (BTreeMap::new(), None);
    loop {
        let heads = store.heads(after.as_ref(), CHUNK).await?;
        let Some((last, _)) = heads.last() else { return Ok(found) };
        after = Some(last.clone());
        for (key, metadata) in heads {
            let version = metadata.version.map(Version::from);
            let mine =
                version.filter(|version| version.replica == me && wanted.contains_key(&version.counter));
            if let Some(version) = mine {
                found.insert(version.counter, key);
            }
        }
    }
}
