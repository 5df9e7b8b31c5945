//! Lost writes are kept for a while, so that somebody can look at them.

use std::time::Duration;

use engine::Reader;
use prost::Message;
use store::{Error, Key, Object, Version, Write};

use crate::records::{Records, damaged};
use crate::{Merge, Options};

/// A lost write: another write to the same key, which did not know of it, was later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stomp {
    /// The key.
    pub key: Key,
    /// The write that was lost, whole.
    pub lost: Object,
    /// The write that won.
    pub winner: Version,
    /// When the two met here: the time since 1970.
    pub at: Duration,
}

/// Which of the numbers below are in use.
const RING: &[u8] = b"mstomps";

#[derive(Clone, PartialEq, Message)]
struct Ring {
    /// The number of the oldest that is kept.
    #[prost(uint64, tag = "1")]
    first: u64,
    /// The number of the next.
    #[prost(uint64, tag = "2")]
    next: u64,
}

#[derive(Clone, PartialEq, Message)]
struct Record {
    /// The record of the key's object.
    #[prost(bytes = "vec", tag = "1")]
    key: Vec<u8>,
    #[prost(bytes = "vec", tag = "2")]
    lost: Vec<u8>,
    #[prost(message, tag = "3")]
    winner: Option<proto::object::v1::Version>,
    #[prost(uint64, tag = "4")]
    at_millis: u64,
}

/// The record of the stomp with this number.
fn numbered(number: u64) -> Vec<u8> {
    [b"ms:".as_slice(), &number.to_be_bytes()].concat()
}

/// The record that says that the loss of this write is kept.
fn kept(lost: Version) -> Vec<u8> {
    [b"mv:".as_slice(), &lost.counter.to_be_bytes(), &lost.replica.0.to_be_bytes()].concat()
}

/// Keeps `stomp`, and drops the oldest; false if the loss of this write is already kept, because
/// the two writes can meet here more than once.
pub fn keep(write: &mut Write<'_, '_>, stomp: &Stomp, options: &Options) -> Result<bool, Error> {
    let mark = kept(stomp.lost.version);
    if write.record(&mark)?.is_some() {
        return Ok(false);
    }
    let mut ring = write.message::<Ring>(RING)?.unwrap_or_default();
    let record = Record {
        key: stomp.key.encode(),
        lost: stomp.lost.encode(),
        winner: Some(stomp.winner.into()),
        at_millis: stomp.at.as_millis() as u64,
    };
    let txn = write.transaction();
    txn.put(numbered(ring.next), record.encode_to_vec());
    txn.put(mark, []);
    ring.next += 1;
    txn.put(RING, ring.encode_to_vec());
    trim(write, stomp.at, options)?;
    Ok(true)
}

/// Drops those that are too many or too old.
pub fn trim(write: &mut Write<'_, '_>, now: Duration, options: &Options) -> Result<(), Error> {
    let Some(mut ring) = write.message::<Ring>(RING)? else {
        return Ok(());
    };
    let first = ring.first;
    while ring.first < ring.next {
        let number = numbered(ring.first);
        match decode(&number, write.message(&number)?.unwrap_or_default()) {
            Ok(stomp) => {
                if ring.next - ring.first <= options.stomps as u64 && !is_old(&stomp, now, options) {
                    break;
                }
                write.transaction().delete(number);
                write.transaction().delete(kept(stomp.lost.version));
            }
            Err(error) => write.give_up(&number, &error),
        }
        ring.first += 1;
    }
    if ring.first != first {
        write.transaction().put(RING, ring.encode_to_vec());
    }
    Ok(())
}

fn is_old(stomp: &Stomp, now: Duration, options: &Options) -> bool {
    now.saturating_sub(stomp.at) >= options.stomps_kept
}

fn decode(number: &[u8], record: Record) -> Result<Stomp, Error> {
    Ok(Stomp {
        key: Key::decode(&record.key).map_err(|_| damaged(number, "it names no key"))?,
        lost: Object::decode(&record.lost).map_err(|what| damaged(number, what))?,
        winner: record.winner.ok_or_else(|| damaged(number, "it names no winner"))?.into(),
        at: Duration::from_millis(record.at_millis),
    })
}

/// The latest stomp whose number is below `before`, and its number; none of them where that one is damaged.
fn read_before(reader: &mut Reader<'_>, before: u64) -> Result<Option<(u64, Option<Stomp>)>, Error> {
    let ring = reader.message::<Ring>(RING)?.unwrap_or_default();
    let number = before.min(ring.next).checked_sub(1).filter(|number| *number >= ring.first);
    let Some(number) = number else {
        return Ok(None);
    };
    let record = numbered(number);
    let stomp = reader.message(&record)?.and_then(|message| decode(&record, message).ok());
    Ok(Some((number, stomp)))
}

impl Merge {
    /// What was lost here lately, the latest first, at most `limit`.
    ///
    /// # Errors
    /// If a record cannot be read.
    pub async fn stomps(&self, store: &store::Store, limit: usize) -> Result<Vec<Stomp>, Error> {
        let (mut stomps, mut before) = (Vec::new(), u64::MAX);
        while stomps.len() < limit {
            // One per read: a value may be large, and other callers get a turn in between.
            let found = store.engine().read(move |reader| read_before(reader, before)).await?;
            let Some((number, stomp)) = found else { break };
            before = number;
            match stomp {
                Some(stomp) if is_old(&stomp, self.now(), self.options()) => break,
                Some(stomp) => stomps.push(stomp),
                // The next walk discards it.
                None => {}
            }
        }
        Ok(stomps)
    }
}
