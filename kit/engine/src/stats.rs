//! Counters of what an engine has done, and the reason why it does no more.

use std::fs::{self, DirEntry};
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::Error;
use crate::backend::{Backend, Batch, Row};

/// How much an engine has done since it was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Batches written, each with one sync. Fewer than `updates` where updates shared a batch.
    pub commits: u64,
    /// Bodies run by `update`, those that failed included.
    pub updates: u64,
    /// Bodies run by `read`.
    pub reads: u64,
    /// Rows that scans returned.
    pub rows_scanned: u64,
    /// Deleted rows that scans walked over on their way. Only the memory engine can count them: LevelDB walks over
    /// them as well, and does not tell.
    pub rows_skipped: u64,
    /// Bytes of keys and values written; what the backend adds to them is not counted.
    pub bytes_written: u64,
    /// Bytes that were cut off the end of the log when it was opened: a write that was in progress when the process
    /// before ended.
    pub bytes_dropped: u64,
}

/// The calls that wait for the engine's thread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    /// How many there are.
    pub waiting: usize,
    /// How many there may be; the next one waits for a place.
    pub most: usize,
}

/// The bytes of all files below a directory. One that goes meanwhile counts for nothing.
pub(crate) fn bytes_below(dir: &Path) -> u64 {
    let files = fs::read_dir(dir).into_iter().flatten().flatten();
    let bytes = |file: DirEntry| match file.metadata() {
        Ok(what) if what.is_dir() => bytes_below(&file.path()),
        Ok(what) => what.len(),
        Err(_) => 0,
    };
    files.map(bytes).sum()
}

/// What handles and the owner of the backend share.
#[derive(Default)]
pub(crate) struct Status {
    pub commits: AtomicU64,
    pub updates: AtomicU64,
    pub reads: AtomicU64,
    pub rows_scanned: AtomicU64,
    pub rows_skipped: AtomicU64,
    pub bytes_written: AtomicU64,
    pub bytes_dropped: AtomicU64,
    pub stopped: OnceLock<Error>,
}

impl Status {
    pub fn stats(&self) -> Stats {
        Stats {
            commits: self.commits.load(Relaxed),
            updates: self.updates.load(Relaxed),
            reads: self.reads.load(Relaxed),
            rows_scanned: self.rows_scanned.load(Relaxed),
            rows_skipped: self.rows_skipped.load(Relaxed),
            bytes_written: self.bytes_written.load(Relaxed),
            bytes_dropped: self.bytes_dropped.load(Relaxed),
        }
    }
}

/// A backend that is counted, and never asked again once it has failed.
///
/// After a failed write nobody knows what the backend holds in memory and what on disk. To go on would build on a
/// guess; to stop loses nothing that was acknowledged.
pub(crate) struct FailStop<'a> {
    pub backend: &'a mut (dyn Backend + 'static),
    pub status: &'a Status,
}

impl FailStop<'_> {
    pub fn reborrow(&mut self) -> FailStop<'_> {
        FailStop { backend: self.backend, status: self.status }
    }

    fn attempt<T>(&mut self, act: impl FnOnce(&mut dyn Backend) -> Result<T, Error>) -> Result<T, Error> {
        match self.status.stopped.get() {
            None => {}
            Some(first @ Error::Stopped { .. }) => return Err(first.clone()),
            Some(first) => return Err(Error::Stopped { reason: first.to_string() }),
        }
        act(self.backend).inspect_err(|error| {
            self.status.stopped.get_or_init(|| error.clone());
        })
    }

    pub fn get(&mut self, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        self.attempt(|backend| backend.get(key))
    }

    pub fn scan(&mut self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Vec<Row>, Error> {
        let chunk = self.attempt(|backend| backend.scan(prefix, after, limit))?;
        self.status.rows_skipped.fetch_add(chunk.skipped(), Relaxed);
        let rows = chunk.rows();
        self.status.rows_scanned.fetch_add(rows.len() as u64, Relaxed);
        Ok(rows)
    }

    /// Writes `batch`; an empty one costs no sync, but is refused too when the engine has stopped.
    pub fn write(&mut self, batch: &Batch) -> Result<(), Error> {
        self.attempt(|backend| if batch.is_empty() { Ok(()) } else { backend.write(batch) })?;
        if !batch.is_empty() {
            self.status.bytes_written.fetch_add(batch.bytes() as u64, Relaxed);
            self.status.commits.fetch_add(1, Relaxed);
        }
        Ok(())
    }
}
