//! An engine without a disk: no thread, no file, the same in every run.
//!
//! What is deleted is marked, and the mark goes with a later compaction: so a scan costs here what it costs on an LSM
//! tree, and a test can count it.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::Error;
use crate::backend::{Backend, Batch, Chunk};

/// Marks of deleted rows after which a compaction drops them all, if they are more than the rows.
const COMPACTION: usize = 1 << 16;

/// What survives when the process of a memory engine dies: open another engine on it.
///
/// Only the engine that was opened last can use the disk. An older one is a process that has died, and is told so.
#[derive(Clone, Debug, Default)]
pub struct MemoryDisk(Arc<Mutex<Contents>>);

/// A key, and the value under it; None if the row was deleted.
type Written = (Vec<u8>, Option<Vec<u8>>);

#[derive(Debug, Default)]
struct Contents {
    /// None if a row was deleted.
    rows: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
    /// How many of them are None.
    deleted: usize,
    /// Commits that still succeed; none means no limit.
    commits_left: Option<u64>,
    /// How many engines were opened on this disk; the last of them owns it.
    opened: u64,
    full: bool,
    /// Commits after which the process that has it open dies; none means never.
    dies_after: Option<u64>,
    /// What the last commits replaced, the latest last.
    replaced: VecDeque<Vec<Written>>,
    /// How many of them are kept.
    keeps: usize,
}

impl MemoryDisk {
    /// An empty disk.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Another disk with what is on this one now: a backup.
    #[must_use]
    pub fn copy(&self) -> Self {
        let rows = self.contents().rows.clone();
        Self(Arc::new(Mutex::new(Contents { rows, ..Contents::default() })))
    }

    /// Lets that many more commits reach the disk; every later one fails, as if the process died before it.
    pub fn fail_after(&self, commits: u64) {
        self.contents().commits_left = Some(commits);
    }

    /// Ends what `fail_after` began. An engine that has stopped stays so; open another.
    pub fn heal(&self) {
        self.contents().commits_left = None;
    }

    /// Whether there is no room from now on: then each commit fails.
    pub fn set_full(&self, full: bool) {
        self.contents().full = full;
    }

    /// Lets the process die that has the disk open, right after so many more commits and before it answers the last
    /// of them: from then on no call of its engine ever returns. With 0 it is dead at once.
    pub fn die_after(&self, commits: u64) {
        self.contents().dies_after = Some(commits);
    }

    /// Whether the process died, as `die_after` said, and no engine was opened since.
    #[must_use]
    pub fn has_died(&self) -> bool {
        self.contents().dies_after == Some(0)
    }

    /// Remembers from now on what the last so many commits replaced, for `lose`.
    pub fn remember(&self, commits: usize) {
        self.contents().keeps = commits;
    }

    /// Takes the last commits back, as a disk does that said they were on it when they were not. Returns how many:
    /// no more than were remembered.
    pub fn lose(&self, commits: usize) -> usize {
        let mut contents = self.contents();
        for lost in 0..commits {
            let Some(replaced) = contents.replaced.pop_back() else { return lost };
            for (key, value) in replaced {
                contents.put(key, value);
            }
        }
        commits
    }

    fn contents(&self) -> MutexGuard<'_, Contents> {
        // No code that holds this lock can leave the rows half changed, so a panic elsewhere does not spoil them.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Contents {
    /// Returns what was there before.
    fn put(&mut self, key: Vec<u8>, value: Option<Vec<u8>>) -> Option<Vec<u8>> {
        self.deleted += usize::from(value.is_none());
        let before = self.rows.insert(key, value);
        self.deleted -= usize::from(before == Some(None));
        before.flatten()
    }

    fn remember(&mut self, replaced: Vec<Written>) {
        self.replaced.push_back(replaced);
        while self.replaced.len() > self.keeps {
            self.replaced.pop_front();
        }
    }

    fn compact(&mut self) {
        if self.deleted > COMPACTION.max(self.rows.len() / 2) {
            self.rows.retain(|_, value| value.is_some());
            self.deleted = 0;
        }
    }
}

/// The engine's side of a [`MemoryDisk`].
pub(crate) struct Memory {
    disk: MemoryDisk,
    generation: u64,
}

impl Memory {
    pub fn open(disk: &MemoryDisk) -> Self {
        let mut contents = disk.contents();
        contents.opened += 1;
        contents.dies_after = None;
        Self { disk: disk.clone(), generation: contents.opened }
    }

    /// Whether the process of this engine is dead.
    pub fn has_died(&self) -> bool {
        let contents = self.disk.contents();
        contents.opened == self.generation && contents.dies_after == Some(0)
    }

    fn owned(&self) -> Result<MutexGuard<'_, Contents>, Error> {
        let contents = self.disk.contents();
        if contents.opened == self.generation {
            Ok(contents)
        } else {
            Err(Error::Stopped { reason: "another engine was opened on this memory disk".into() })
        }
    }
}

impl Backend for Memory {
    fn get(&mut self, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.owned()?.rows.get(key).cloned().flatten())
    }

    fn scan(&mut self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Chunk, Error> {
        let from = match after {
            Some(after) if after >= prefix => Bound::Excluded(after),
            _ => Bound::Included(prefix),
        };
        let contents = self.owned()?;
        let rows = contents.rows.range::<[u8], _>((from, Bound::Unbounded));
        let mut chunk = Chunk::new(limit);
        for (key, value) in rows.take_while(|(key, _)| key.starts_with(prefix)) {
            if chunk.is_full() {
                break;
            }
            match value {
                Some(value) => chunk.push(key, value),
                None => chunk.skip(),
            }
        }
        Ok(chunk)
    }

    fn write(&mut self, batch: &Batch) -> Result<(), Error> {
        let mut contents = self.owned()?;
        if let Some(left) = &mut contents.commits_left {
            *left = left.checked_sub(1).ok_or_else(|| Error::Io {
                action: "write to the memory disk".into(),
                kind: io::ErrorKind::Other,
                message: "`fail_after` let no more commits through".into(),
            })?;
        }
        if contents.full {
            return Err(Error::Io {
                action: "write to the memory disk".into(),
                kind: io::ErrorKind::StorageFull,
                message: "there is no room left".into(),
            });
        }
        let put = |(key, value): (&Vec<u8>, &Option<Vec<u8>>)| {
            (key.clone(), contents.put(key.clone(), value.clone()))
        };
        let replaced = batch.iter().map(put).collect();
        contents.remember(replaced);
        contents.compact();
        if let Some(commits) = &mut contents.dies_after {
            *commits = commits.saturating_sub(1);
        }
        Ok(())
    }
}
