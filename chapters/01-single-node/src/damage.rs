//! Records that cannot be read, and how to continue without them.
//!
//! The engine never returns bytes that were not written. But a program can be wrong, this one or an
//! older one, and then a record cannot be decoded. One such record must not take the others with
//! it. So reads of many skip it, a read of it returns an error, and a write of its key replaces it.
//! Each is logged once, and counted.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use engine::Reader;

use crate::{Error, Key, Store, Write, store};

/// How many are remembered; no more than that are logged.
const MOST: usize = 1000;

/// A record that cannot be read: its key, and why.
pub(crate) type Damaged = (Vec<u8>, Error);

/// The records that were found to be damaged since the start, and have not been replaced.
#[derive(Default)]
pub(crate) struct Damages(Mutex<State>);

#[derive(Default)]
struct State {
    records: BTreeMap<Vec<u8>, Error>,
    found: u64,
}

impl Damages {
    /// `record` is damaged.
    pub fn tell(&self, record: &[u8], error: &Error) {
        let mut state = self.lock();
        if state.records.len() < MOST && state.records.insert(record.to_vec(), error.clone()).is_none() {
            state.found += 1;
            tracing::error!("{error}");
        }
    }

    /// `record` was replaced.
    pub fn replaced(&self, record: &[u8]) {
        self.lock().records.remove(record);
    }

    /// The first damaged record after `after` that begins with `prefix`.
    fn next(&self, prefix: &[u8], after: &[u8]) -> Option<Damaged> {
        let state = self.lock();
        let mut records = state.records.iter();
        let found = records.find(|(record, _)| record.starts_with(prefix) && record.as_slice() > after);
        found.map(|(record, error)| (record.clone(), error.clone()))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it holds the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    /// How many damaged records were found since the start.
    pub fn damaged(&self) -> u64 {
        self.shared.damages.lock().found
    }

    /// Logs that `record` is damaged, and continues without it.
    pub fn tell_damaged(&self, record: &[u8], error: &Error) {
        self.shared.damages.tell(record, error);
    }

    /// # Errors
    /// If objects whose records begin with `prefix` cannot be read.
    pub(crate) async fn check_damaged(&self, prefix: &[u8]) -> Result<(), Error> {
        let mut after = Vec::new();
        while let Some((record, error)) = self.shared.damages.next(prefix, &after) {
            // It may have been replaced since, in a write that is on disk now.
            let (found, key) = (record.clone(), Key::decode(&record));
            let held = self.engine.read(move |reader| Ok::<_, Error>(reader.get(&found)?)).await?;
            let readable = key.is_ok_and(|key| store::object(held.clone(), &key).is_ok());
            if held.is_some() && !readable {
                return Err(error);
            }
            self.shared.damages.replaced(&record);
            after = record;
        }
        Ok(())
    }
}

impl Write<'_, '_> {
    /// Discards a damaged record of a layer, which starts over without it.
    pub fn give_up(&mut self, record: &[u8], error: &Error) {
        self.damages().tell(record, error);
        self.transaction().delete(record);
    }
}

/// What `read` makes of the next rows after `after`, and those that it cannot read. The first is
/// empty only at the end.
pub(crate) fn readable<T>(
    reader: &mut Reader<'_>,
    prefix: &[u8],
    after: Option<&[u8]>,
    limit: usize,
    read: impl Fn(&[u8], Vec<u8>) -> Result<T, Error>,
) -> Result<(Vec<T>, Vec<Damaged>), Error> {
    let (mut all, mut damaged) = (Vec::new(), Vec::new());
    let mut after = after.map(<[u8]>::to_vec);
    while all.is_empty() {
        let rows = reader.scan(prefix, after.as_deref(), limit)?;
        let Some((last, _)) = rows.last() else { break };
        after = Some(last.clone());
        for (record, bytes) in rows {
            match read(&record, bytes) {
                Ok(one) => all.push(one),
                Err(error) if damaged.len() < MOST => damaged.push((record, error)),
                Err(_) => {}
            }
        }
    }
    Ok((all, damaged))
}
