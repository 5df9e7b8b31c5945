//! The LevelDB backend, on rusty-leveldb as it is published, with a guard for each of its known defects.
//!
//! | defect | guard |
//! | --- | --- |
//! | a sync syncs nothing; a failed write is followed by others | `disk` syncs, and refuses all after the first failure |
//! | a reused log or manifest loses what comes after a torn end | they are never reused, and `records` finds the torn end |
//! | damage is skipped in silence | `sums` keeps a checksum of every page; `disk` checks what it reads |
//! | `get` stops at the tombstone of another key | `search` sees which table misled it, and goes on without that |
//! | `get` misses `k\0` at the start of a block that follows `k` | `order` names the last key of a block by itself |
//! | a snapshot, once made, keeps all garbage forever; compactions may then bring old versions back | `Horizon` |
//! | reverse iteration is wrong; an iterator that outlives a write is too | neither happens here |
//!
//! Two things have no guard:
//!
//! - A compaction runs within the write that needs it, or the open. All calls wait for it, since a `DB` cannot be shared
//!   between threads, nor does it compact part of a table. That is what the slowest puts in a thousand take;
//!   [`LevelDbOptions::table`] tells what its length depends on.
//! - A scan walks over deleted rows, however many, from one row to the next: an iterator has no upper bound, and does not
//!   return in between. So whoever deletes many rows in a row begins later scans behind them, as the change log does.

mod ahead;
mod disk;
mod env;
mod file;
mod filter;
mod horizon;
mod order;
mod records;
mod search;
mod sums;
mod table;

use std::cell::RefCell;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use rusty_leveldb::infolog::Logger;
use rusty_leveldb::{DB, DBIterator, LdbIterator, Options, Status, WriteBatch};

use crate::Error;
use crate::backend::{Backend, Batch, Chunk};
use disk::Disk;
use filter::Watched;
use horizon::Horizon;
use order::Bytewise;
use search::Search;

/// How a LevelDB engine uses its disk. The default suits a store; tests take small sizes, to see much happen soon.
#[derive(Clone, Debug)]
pub struct LevelDbOptions {
    /// Bytes of rows gathered in memory before they become a table.
    pub write_buffer: usize,
    /// Bytes after which a compaction begins another table.
    ///
    /// rusty-leveldb makes one compaction for each write buffer that becomes a table, on the thread that writes. From
    /// level 1 on a compaction takes one table down, and what lies below it. So with tables that are smaller than the
    /// buffer more comes in than goes down: tables pile up at the top, gets search them all, and at last one compaction
    /// merges hundreds of megabytes while all callers wait. Larger tables make each compaction longer.
    pub table: usize,
    /// Bytes that may still be written before the disk counts as full; none: as many as it takes.
    pub space: Option<Arc<AtomicU64>>,
}

impl Default for LevelDbOptions {
    fn default() -> Self {
        Self { write_buffer: 4 << 20, table: 8 << 20, space: None }
    }
}

/// How many blocks are kept in memory. rusty-leveldb counts blocks and not bytes: usually one has 4 KiB, but one with a
/// large value is as large as that, so its usual 1,024 may be a gibibyte.
const BLOCKS: usize = 128;

/// A database that lives and dies on one thread.
pub(crate) struct LevelDb {
    db: DB,
    horizon: Horizon,
    search: Search,
    disk: Disk,
}

impl LevelDb {
    pub fn open(dir: &Path, options: LevelDbOptions) -> Result<Self, Error> {
        let disk = Disk::open(dir, options.space)?;
        let search = Search::default();
        let usual = Options::default();
        let settings = Options {
            cmp: Rc::new(Box::new(Bytewise(search.clone()))),
            env: Rc::new(Box::new(disk.clone())),
            write_buffer_size: options.write_buffer,
            max_file_size: options.table,
            max_open_files: open_files(),
            block_cache_capacity_bytes: BLOCKS * usual.block_size,
            filter_policy: Rc::new(Box::new(Watched::new(search.clone()))),
            reuse_logs: false,
            reuse_manifest: false,
            ..quiet(usual)
        };
        let db = guard(&disk, || DB::open(dir, settings))?;
        let horizon = guard(&disk, Horizon::new)?;
        Ok(Self { db, horizon, search, disk })
    }

    /// Runs `act` on an iterator that is gone before the next write.
    fn iterate<T>(&mut self, act: impl FnOnce(&mut DBIterator) -> T) -> Result<T, Error> {
        guard(&self.disk, || Ok(act(&mut self.horizon.iterate(&mut self.db)?)))
    }
}

impl Backend for LevelDb {
    fn get(&mut self, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        self.search.begin();
        loop {
            let found = guard(&self.disk, || self.horizon.get(&mut self.db, key))?;
            if found.is_some() || self.search.is_over() {
                return Ok(found);
            }
        }
    }

    fn scan(&mut self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Chunk, Error> {
        self.iterate(|rows| {
            let mut chunk = Chunk::new(limit);
            rows.seek(after.map_or(prefix, |after| after.max(prefix)));
            while !chunk.is_full()
                && let Some((key, value)) = rows.current()
                && key.starts_with(prefix)
            {
                if after.is_none_or(|after| *key > *after) {
                    chunk.push(&key, &value);
                }
                rows.advance();
            }
            chunk
        })
    }

    fn write(&mut self, batch: &Batch) -> Result<(), Error> {
        let mut writes = WriteBatch::default();
        for (key, value) in batch.iter() {
            match value {
                Some(value) => writes.put(key, value),
                None => writes.delete(key),
            }
        }
        guard(&self.disk, || self.db.write(writes, true))
    }

    fn bytes_dropped(&self) -> u64 {
        self.disk.dropped()
    }

    fn close(&mut self) -> Result<(), Error> {
        guard(&self.disk, || self.db.close())?;
        self.disk.seal()
    }
}

/// Runs one call into LevelDB and finds out how it really went.
///
/// LevelDB drops some errors and panics at others. The disk remembers its first failure whatever LevelDB made of it.
fn guard<T>(disk: &Disk, call: impl FnOnce() -> Result<T, Status>) -> Result<T, Error> {
    let outcome = catch_unwind(AssertUnwindSafe(call));
    disk.check()?;
    let what = match outcome {
        Ok(Ok(value)) => return Ok(value),
        Ok(Err(status)) => status.err,
        Err(_) => "LevelDB panicked; its message is on the standard error".into(),
    };
    Err(Error::Corrupt { file: disk.dir().to_owned(), what })
}

/// How many files LevelDB may have open: half of the process's limit at most, as connections need some too. When a table
/// cannot be opened, the engine stops.
fn open_files() -> usize {
    const MOST: usize = 1024;
    #[cfg(unix)]
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
    #[cfg(windows)]
    let limit = None;
    // LevelDB takes off ten for files that are no tables.
    limit.map_or(MOST, |limit| usize::try_from(limit / 2).unwrap_or(MOST)).clamp(20, MOST)
}

/// `options` without the log of events, which would grow forever.
fn quiet(options: Options) -> Options {
    Options { log: Some(Rc::new(RefCell::new(Logger(Box::new(io::sink()))))), ..options }
}
