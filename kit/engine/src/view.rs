//! What a body sees: the rows on disk, and for an update its own writes on top of them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering::Relaxed;
use std::thread;

use crate::Error;
use crate::backend::{Batch, Row};
use crate::stats::FailStop;

/// What a body came to, or the panic that ended it: a panic belongs to the caller, not to the thread of the engine.
pub(crate) type Outcome<T, E> = thread::Result<Result<T, E>>;

/// A consistent view of what is committed.
pub struct Reader<'a> {
    disk: FailStop<'a>,
}

impl Reader<'_> {
    /// The value under `key`, if there is one.
    ///
    /// # Errors
    /// Whatever keeps the engine from reading; it has stopped then.
    pub fn get(&mut self, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        self.disk.get(key)
    }

    /// Rows whose key begins with `prefix` and is greater than `after`, in the order of their keys, at most `limit`;
    /// fewer where they hold a mebibyte before, but none only if there is none.
    ///
    /// Scan in chunks: give the last key of one chunk as `after` for the next, until a chunk is empty.
    ///
    /// # Errors
    /// Whatever keeps the engine from reading; it has stopped then.
    pub fn scan(&mut self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Vec<Row>, Error> {
        self.disk.scan(prefix, after, limit)
    }
}

/// Reads and writes that take effect together or not at all.
pub struct Transaction<'a> {
    disk: FailStop<'a>,
    /// What the bodies before this one wrote in the same group: not on disk yet, but it will be if this is.
    group: &'a Batch,
    own: Batch,
}

impl Transaction<'_> {
    /// The value under `key`, with the writes of this transaction and of those before it.
    ///
    /// # Errors
    /// Whatever keeps the engine from reading; it has stopped then.
    pub fn get(&mut self, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        match self.own.get(key).or_else(|| self.group.get(key)) {
            Some(written) => Ok(written.clone()),
            None => self.disk.get(key),
        }
    }

    /// Puts `value` under `key`.
    pub fn put(&mut self, key: impl Into<Vec<u8>>, value: impl Into<Vec<u8>>) {
        self.own.insert(key.into(), Some(value.into()));
    }

    /// Deletes the row under `key`, if there is one.
    pub fn delete(&mut self, key: impl Into<Vec<u8>>) {
        self.own.insert(key.into(), None);
    }
}

pub(crate) fn run_read<T, E>(
    disk: FailStop<'_>,
    body: impl FnOnce(&mut Reader<'_>) -> Result<T, E>,
) -> Outcome<T, E> {
    disk.status.reads.fetch_add(1, Relaxed);
    let mut reader = Reader { disk };
    catch_unwind(AssertUnwindSafe(|| body(&mut reader)))
}

/// Runs `body`, and adds its writes to `group` if it succeeds.
pub(crate) fn run_update<T, E>(
    disk: FailStop<'_>,
    group: &mut Batch,
    body: impl FnOnce(&mut Transaction<'_>) -> Result<T, E>,
) -> Outcome<T, E> {
    disk.status.updates.fetch_add(1, Relaxed);
    let mut transaction = Transaction { disk, group, own: Batch::default() };
    let outcome = catch_unwind(AssertUnwindSafe(|| body(&mut transaction)));
    let own = transaction.own;
    if matches!(outcome, Ok(Ok(_))) {
        group.extend(own);
    }
    outcome
}
