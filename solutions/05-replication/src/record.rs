//! How the log is encoded on disk.

use std::time::Duration;

use store::{Error, Key};

/// The prefix of the entries' records; the sequence number follows, most significant byte first, so
/// that they sort in the order of the writes.
pub const ENTRIES: &[u8] = b"le";

/// The record of the last ordinal that was used.
pub const LAST: &[u8] = b"llast";

/// The record of the place up to which the log was cut.
pub const CUT: &[u8] = b"lcut";

/// What the log keeps about a change: not the object, which the store has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// How many changes this replica had logged, including this one: 1, 2, 3, and so on.
    pub ordinal: u64,
    /// When it was written, since 1970.
    pub written: Duration,
    /// What was written.
    pub key: Key,
}

/// A place in the log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place {
    /// The sequence number of a change.
    pub sequence: u64,
    /// Its ordinal.
    pub ordinal: u64,
}

/// The key of the record of a change.
pub fn entry(sequence: u64) -> Vec<u8> {
    [ENTRIES, &sequence.to_be_bytes()].concat()
}

/// The sequence number in the key of a record.
///
/// # Errors
/// If the key is not one that [`entry`] makes.
pub fn sequence(record: &[u8]) -> Result<u64, Error> {
    let bytes = record.strip_prefix(ENTRIES).and_then(|bytes| bytes.try_into().ok());
    bytes.map(u64::from_be_bytes).ok_or_else(|| damaged(record, "it has no sequence number"))
}

/// The number in a record; 0 if there is none.
///
/// # Errors
/// If it is not a number.
pub fn number(record: &[u8], value: Option<Vec<u8>>) -> Result<u64, Error> {
    let Some(value) = value else { return Ok(0) };
    value.try_into().map(u64::from_be_bytes).map_err(|_| damaged(record, "it is not a number of 8 bytes"))
}

/// The place in a record; the beginning of the log if there is none.
///
/// # Errors
/// If it is not a place.
pub fn place(record: &[u8], value: Option<Vec<u8>>) -> Result<Place, Error> {
    let Some(value) = value else { return Ok(Place::default()) };
    let [sequence, ordinal] = numbers(&value).ok_or_else(|| damaged(record, "it is not two numbers"))?;
    Ok(Place { sequence, ordinal })
}

impl Place {
    /// The value of its record.
    pub fn encode(self) -> Vec<u8> {
        [self.sequence.to_be_bytes(), self.ordinal.to_be_bytes()].concat()
    }
}

impl Entry {
    /// The value of its record.
    pub fn encode(&self) -> Vec<u8> {
        let millis = u64::try_from(self.written.as_millis()).unwrap_or(u64::MAX);
        [&self.ordinal.to_be_bytes()[..], &millis.to_be_bytes(), &self.key.encode()].concat()
    }

    /// The entry in a record.
    ///
    /// # Errors
    /// If it is not one.
    pub fn decode(record: &[u8], value: &[u8]) -> Result<Self, Error> {
        let split = value.split_at_checked(16).and_then(|(head, key)| Some((numbers(head)?, key)));
        let ([ordinal, millis], key) = split.ok_or_else(|| damaged(record, "it is no entry of the log"))?;
        Ok(Self {
            ordinal,
            written: Duration::from_millis(millis),
            key: Key::decode(key).map_err(|_| damaged(record, "it names no key"))?,
        })
    }
}

fn numbers(bytes: &[u8]) -> Option<[u64; 2]> {
    let (first, second) = bytes.split_at_checked(8)?;
    Some([u64::from_be_bytes(first.try_into().ok()?), u64::from_be_bytes(second.try_into().ok()?)])
}

/// The error for a record that is not what the log wrote.
pub fn damaged(record: &[u8], what: impl ToString) -> Error {
    Error::passed_over(record, what, "the log is mended from the objects, and there is nothing to do")
}
