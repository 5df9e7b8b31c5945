//! The fjall backend: another engine behind the same interface, to compare with.

use std::ops::Bound;
use std::path::{Path, PathBuf};

use fjall::{Database, Keyspace, KeyspaceCreateOptions, PersistMode};

use crate::Error;
use crate::backend::{Backend, Batch, Chunk};

/// fjall panics at a key longer than this, and at an empty one.
const LONGEST_KEY: usize = u16::MAX as usize;

pub(crate) struct Fjall {
    database: Database,
    rows: Keyspace,
    dir: PathBuf,
}

impl Fjall {
    pub fn open(dir: &Path) -> Result<Self, Error> {
        let open = || {
            // Each write is synced as it is committed; a sync by the clock beside it would only disturb.
            let database = Database::builder(dir).manual_journal_persist(true).open()?;
            let rows = database.keyspace("rows", KeyspaceCreateOptions::default)?;
            Ok((database, rows))
        };
        let (database, rows) = open().map_err(|cause| translate(dir, cause))?;
        Ok(Self { database, rows, dir: dir.to_owned() })
    }
}

impl Backend for Fjall {
    fn get(&mut self, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        let value = self.rows.get(key).map_err(|cause| translate(&self.dir, cause))?;
        Ok(value.map(|value| value.to_vec()))
    }

    fn scan(&mut self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Chunk, Error> {
        let from = match after {
            Some(after) if after >= prefix => Bound::Excluded(after),
            _ => Bound::Included(prefix),
        };
        let mut chunk = Chunk::new(limit);
        for row in self.rows.range::<&[u8], _>((from, Bound::Unbounded)) {
            let (key, value) = row.into_inner().map_err(|cause| translate(&self.dir, cause))?;
            if chunk.is_full() || !key.starts_with(prefix) {
                break;
            }
            chunk.push(&key, &value);
        }
        Ok(chunk)
    }

    fn write(&mut self, batch: &Batch) -> Result<(), Error> {
        let mut writes = self.database.batch().durability(Some(PersistMode::SyncData));
        for (key, value) in batch.iter() {
            if key.is_empty() || key.len() > LONGEST_KEY {
                return Err(Error::Io {
                    action: format!("write a key of {} bytes with fjall", key.len()),
                    kind: std::io::ErrorKind::InvalidInput,
                    message: format!("it takes 1 to {LONGEST_KEY}"),
                });
            }
            match value {
                Some(value) => writes.insert(&self.rows, key.as_slice(), value.as_slice()),
                None => writes.remove(&self.rows, key.as_slice()),
            }
        }
        writes.commit().map_err(|cause| translate(&self.dir, cause))
    }
}

fn translate(dir: &Path, cause: fjall::Error) -> Error {
    match cause {
        fjall::Error::Locked => Error::Locked { dir: dir.to_owned() },
        fjall::Error::Io(cause) => Error::io("use", dir, &cause),
        other => Error::Corrupt { file: dir.to_owned(), what: other.to_string() },
    }
}
