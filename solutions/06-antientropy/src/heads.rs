//! What this replica holds, compared with what the initiator checks.

use std::collections::VecDeque;

use store::{Key, Store};

use crate::{CHUNK, Error, Head};

/// The next heads after a key, at most `limit`, and none only at the end.
///
/// What an older program accepted and no replica would accept now is skipped: comparing it would
/// end every session at this key.
///
/// # Errors
/// If a record cannot be read.
pub async fn read(store: &Store, after: Option<&Key>, limit: usize) -> Result<Vec<(Key, Head)>, Error> {
    let mut after = after.cloned();
    loop {
        let all = store.heads(after.as_ref(), limit).await?;
        let Some((last, _)) = all.last() else { return Ok(Vec::new()) };
        after = Some(last.clone());
        let (heads, bad): (Vec<_>, Vec<_>) = all
            .into_iter()
            .map(|(key, metadata)| (key, Head::try_from(metadata)))
            .partition(|(_, head)| head.is_ok());
        if let Some((key, Err(what))) = bad.first() {
            let others = bad.len() - 1;
            tracing::error!(%key, %what, others, "an object is passed over, no replica would take it in: put it again");
        }
        let heads: Vec<_> = heads.into_iter().filter_map(|(key, head)| Some((key, head.ok()?))).collect();
        if !heads.is_empty() {
            return Ok(heads);
        }
    }
}

/// The heads of this replica in the order of their records, for questions that come in the same order.
///
/// One read serves a chunk of questions. What it returns may be older than the question by that much: a
/// REPAIR sends what is there at that moment, and what arrives is compared again when it is stored.
pub struct Heads {
    store: Store,
    chunk: VecDeque<(Key, Head)>,
    /// The last key that was read; None before the first.
    last: Option<Key>,
    ended: bool,
}

impl Heads {
    /// The heads after `after`.
    pub fn new(store: Store, after: Option<Key>) -> Self {
        Self { store, chunk: VecDeque::new(), last: after, ended: false }
    }

    /// What this replica holds of `key`. Each call must be for a later record than the one before.
    ///
    /// # Errors
    /// If a record cannot be read.
    pub async fn of(&mut self, key: &Key) -> Result<Option<Head>, Error> {
        let record = key.encode();
        loop {
            while self.chunk.front().is_some_and(|(front, _)| front.encode() < record) {
                self.chunk.pop_front();
            }
            match self.chunk.front() {
                Some((front, _)) if front == key => return Ok(self.chunk.pop_front().map(|(_, head)| head)),
                Some(_) => return Ok(None),
                None if self.ended => return Ok(None),
                None => self.read().await?,
            }
        }
    }

    async fn read(&mut self) -> Result<(), Error> {
        self.chunk = read(&self.store, self.last.as_ref(), CHUNK).await?.into();
        self.ended = self.chunk.is_empty();
        self.last = self.chunk.back().map(|(key, _)| key.clone()).or(self.last.take());
        Ok(())
    }
}
