//! The narrow interface behind which LevelDB, fjall and memory are the same.

use std::collections::BTreeMap;

use crate::Error;

/// A key and its value.
pub type Row = (Vec<u8>, Vec<u8>);

/// A sorted store of rows. Only one thread ever calls it, so it may keep what is not `Sync`.
pub(crate) trait Backend {
    /// The value under `key`.
    fn get(&mut self, key: &[u8]) -> Result<Option<Vec<u8>>, Error>;

    /// The rows, in order, whose key begins with `prefix` and is greater than `after`: as many as a [`Chunk`] holds.
    fn scan(&mut self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Chunk, Error>;

    /// Writes all of `batch` or none of it, and returns when it is on disk.
    fn write(&mut self, batch: &Batch) -> Result<(), Error>;

    /// How many bytes at the end of the log were no whole record when it was opened.
    fn bytes_dropped(&self) -> u64 {
        0
    }

    /// Leaves the disk as the next open likes to find it. All that was written is on disk already.
    fn close(&mut self) -> Result<(), Error> {
        Ok(())
    }
}

/// What to write: a value for each key to put, none for each key to delete.
#[derive(Default)]
pub(crate) struct Batch {
    rows: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
    bytes: usize,
}

impl Batch {
    pub fn insert(&mut self, key: Vec<u8>, value: Option<Vec<u8>>) {
        self.bytes += key.len() + value.as_ref().map_or(0, Vec::len);
        self.rows.insert(key, value);
    }

    pub fn get(&self, key: &[u8]) -> Option<&Option<Vec<u8>>> {
        self.rows.get(key)
    }

    pub fn extend(&mut self, later: Batch) {
        self.bytes += later.bytes;
        self.rows.extend(later.rows);
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Bytes of all keys and values that were inserted, those that were replaced since included.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    pub fn iter(&self) -> impl Iterator<Item = (&Vec<u8>, &Option<Vec<u8>>)> {
        self.rows.iter()
    }
}

/// The rows that one scan returns: up to a limit, and no more once they hold [`Chunk::BYTES`], so that large values
/// do not add up to more than memory holds.
pub(crate) struct Chunk {
    rows: Vec<Row>,
    limit: usize,
    bytes: usize,
    skipped: u64,
}

impl Chunk {
    /// A chunk with this many bytes takes no further row.
    pub const BYTES: usize = 1 << 20;

    pub fn new(limit: usize) -> Self {
        Self { rows: Vec::new(), limit, bytes: 0, skipped: 0 }
    }

    pub fn is_full(&self) -> bool {
        self.rows.len() >= self.limit || self.bytes >= Self::BYTES
    }

    pub fn push(&mut self, key: &[u8], value: &[u8]) {
        self.bytes += key.len() + value.len();
        self.rows.push((key.into(), value.into()));
    }

    /// Counts a deleted row that the scan came by.
    pub fn skip(&mut self) {
        self.skipped += 1;
    }

    pub fn skipped(&self) -> u64 {
        self.skipped
    }

    pub fn rows(self) -> Vec<Row> {
        self.rows
    }
}
