//! The narrow interface behind which LevelDB, fjall and memory are the same.

use std::collections::BTreeMap;

use crate::Error;

/// A key and its value.
pub type Row = (Vec<u8>, Vec<u8>);

/// What to write: a value for each key to put, none for each key to delete.
pub(crate) type Batch = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

/// A sorted store of rows. Only one thread ever calls it, so it may keep what is not `Sync`.
pub(crate) trait Backend {
    /// The value under `key`.
    fn get(&mut self, key: &[u8]) -> Result<Option<Vec<u8>>, Error>;

    /// At most `limit` rows, in order, whose key begins with `prefix` and is greater than `after`.
    fn scan(&mut self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Vec<Row>, Error>;

    /// Writes all of `batch` or none of it, and returns when it is on disk.
    fn write(&mut self, batch: &Batch) -> Result<(), Error>;

    /// Leaves the disk as the next open likes to find it. All that was written is on disk already.
    fn close(&mut self) -> Result<(), Error> {
        Ok(())
    }
}
