//! An engine without a disk: no thread, no file, the same in every run.

use std::collections::BTreeMap;
use std::io;
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::Error;
use crate::backend::{Backend, Batch, Chunk, Row};

/// What survives when the process of a memory engine dies: open another engine on it.
///
/// Only the engine that was opened last can use the disk. An older one is a process that has died, and is told so.
#[derive(Clone, Debug, Default)]
pub struct MemoryDisk(Arc<Mutex<Contents>>);

#[derive(Debug, Default)]
struct Contents {
    rows: BTreeMap<Vec<u8>, Vec<u8>>,
    /// Commits that still succeed; none means no limit.
    commits_left: Option<u64>,
    /// How many engines were opened on this disk; the last of them owns it.
    opened: u64,
}

impl MemoryDisk {
    /// An empty disk.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets that many more commits reach the disk; every later one fails, as if the process died before it.
    pub fn fail_after(&self, commits: u64) {
        self.contents().commits_left = Some(commits);
    }

    /// Ends what `fail_after` began. An engine that has stopped stays so; open another.
    pub fn heal(&self) {
        self.contents().commits_left = None;
    }

    fn contents(&self) -> MutexGuard<'_, Contents> {
        // No code that holds this lock can leave the rows half changed, so a panic elsewhere does not spoil them.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
        Self { disk: disk.clone(), generation: contents.opened }
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
        Ok(self.owned()?.rows.get(key).cloned())
    }

    fn scan(&mut self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Vec<Row>, Error> {
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
            chunk.push(key, value);
        }
        Ok(chunk.rows())
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
        for (key, value) in batch.iter() {
            match value {
                Some(value) => contents.rows.insert(key.clone(), value.clone()),
                None => contents.rows.remove(key),
            };
        }
        Ok(())
    }
}
