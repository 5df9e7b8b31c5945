//! How a write is made: read what is there, stamp what replaces it, store both it and what
//! follows from it, in one transaction.

use std::collections::BTreeSet;

use engine::Transaction;
use proto::object::v1::Counts;

use crate::damage::Damages;
use crate::hold::Holds;
use crate::store::Shared;
use crate::{
    BadObject, Clock, Content, Error, Identity, Key, MAX_VALUE, Object, Version, check_metadata, store,
};

/// A layer above the store that keeps its own records, for example a change log or an index.
///
/// Its records go to disk in the batch of the write that they derive from, or not at all.
pub trait Layer: Send + Sync + 'static {
    /// Called for every change of a key, in the transaction that makes it. `after` is None if a
    /// tombstone is no longer kept.
    ///
    /// # Errors
    /// An error discards the whole write.
    fn changed(
        &self,
        txn: &mut Transaction<'_>,
        key: &Key,
        before: Option<&Object>,
        after: Option<&Object>,
    ) -> Result<(), Error>;
}

/// A write transaction: any number of puts and deletes that happen together or not at all.
///
/// No other write comes between what it reads and what it writes.
pub struct Write<'a, 'e> {
    txn: &'a mut Transaction<'e>,
    shared: &'a Shared,
    clock: Clock,
    /// The clock when this began.
    began: u64,
    counts: Counts,
    /// The records of objects that were found to be damaged, and have not been replaced.
    damaged: BTreeSet<Vec<u8>>,
}

impl<'a, 'e> Write<'a, 'e> {
    pub(crate) fn begin(txn: &'a mut Transaction<'e>, shared: &'a Shared) -> Result<Self, Error> {
        let clock = Clock::new(store::clock(txn.get(store::CLOCK)?)?, shared.identity.replica);
        let counts = store::counts(txn.get(store::COUNTS)?)?;
        Ok(Self { txn, shared, clock, began: clock.counter(), counts, damaged: BTreeSet::new() })
    }

    /// The object of `key`, a tombstone included, as this transaction sees it. Also None if its
    /// record is damaged: what is stored next replaces it.
    ///
    /// # Errors
    /// If the engine failed.
    pub fn current(&mut self, key: &Key) -> Result<Option<Object>, Error> {
        let record = key.encode();
        match store::object(self.txn.get(&record)?, key) {
            Err(error @ Error::Damaged { .. }) => {
                self.shared.damages.tell(&record, &error);
                self.damaged.insert(record);
                Ok(None)
            }
            current => current,
        }
    }

    /// Whether [`Write::current`] has found what `key` holds to be damaged.
    pub fn is_damaged(&self, key: &Key) -> bool {
        self.damaged.contains(&key.encode())
    }

    /// Sets the value of `key`, and returns the object that was stored.
    ///
    /// # Errors
    /// If the value is too large, writes are held, too many replicas wrote the key, or a record
    /// cannot be read.
    pub fn put(&mut self, key: &Key, value: Vec<u8>) -> Result<Object, Error> {
        if value.len() > MAX_VALUE {
            return Err(Error::ValueTooLarge(value.len()));
        }
        let current = self.current(key)?;
        let object = self.stamp(current.as_ref(), Content::Value(value))?;
        self.store(key, current.as_ref(), &object)?;
        Ok(object)
    }

    /// Deletes `key`, and returns the tombstone; None if this replica had nothing to delete.
    ///
    /// # Errors
    /// If writes are held, too many replicas wrote the key, or a record cannot be read.
    pub fn delete(&mut self, key: &Key) -> Result<Option<Object>, Error> {
        // Even if there is nothing to delete: it may just not have heard of it.
        self.holds().check()?;
        let deleted = self.delete_current(key)?;
        if deleted.is_some() || !self.is_damaged(key) {
            return Ok(deleted);
        }
        let tombstone = self.stamp(None, Content::Tombstone)?;
        self.store(key, None, &tombstone)?;
        Ok(Some(tombstone))
    }

    fn delete_current(&mut self, key: &Key) -> Result<Option<Object>, Error> {
        // exercise 1.3: Delete with a tombstone
        //
        // If the record were removed, this replica could not tell "deleted" from "never heard
        // of", and the next peer that still has the value would bring it back. So a deletion is a
        // write like any other: with a version, a parent, and a tombstone as its content. Only if
        // there is nothing to delete (no object, or a tombstone already) is nothing written, and
        // the answer is None.
        todo!("exercise 1.3: Delete with a tombstone")
        // end exercise 1.3
    }

    /// The object that replaces `current` with `content`, as a write of this replica.
    fn stamp(&mut self, current: Option<&Object>, content: Content) -> Result<Object, Error> {
        self.holds().check()?;
        let identity = &self.shared.identity;
        let (region, owner) = (identity.region.clone(), identity.owner.clone());
        // Nothing builds on what no peer would accept: the write starts over, and can be sent.
        let current = current.filter(|object| check_metadata(&object.metadata()).is_ok());
        if current.is_some_and(|object| !object.vector.has_room_for(identity.replica)) {
            return Err(Error::TooManyWriters);
        }
        // exercise 1.2: Stamp a write with its version
        //
        // Every write gets a version from this replica's one clock (`tick`), later than any that
        // the replica wrote or saw, of this key or another. Its parent is the version that it
        // replaces. Its vector holds all writes that the object it replaces contained, and its
        // own (`VersionVector::include`): so others can tell what this write knew of.
        todo!("exercise 1.2: Stamp a write with its version")
        // end exercise 1.2
    }

    /// Stores `object` in place of `current`, and everything derived from it.
    ///
    /// The object may come from another replica: it is stored as it is.
    ///
    /// # Errors
    /// If a layer refuses it.
    pub fn store(&mut self, key: &Key, current: Option<&Object>, object: &Object) -> Result<(), Error> {
        let record = key.encode();
        if current.is_none() && self.damaged.remove(&record) {
            // It was counted once, but nobody can tell as what: most objects have a value.
            self.counts.objects = self.counts.objects.saturating_sub(1);
            self.shared.damages.replaced(&record);
        }
        *count_of(&mut self.counts, object) += 1;
        self.changed(key, current, Some(object))?;
        self.txn.put(record, object.encode());
        Ok(())
    }

    /// Removes the record of `tombstone`: from now on this replica has never heard of `key`.
    ///
    /// # Errors
    /// If a layer refuses it.
    pub fn forget(&mut self, key: &Key, tombstone: &Object) -> Result<(), Error> {
        self.changed(key, Some(tombstone), None)?;
        self.txn.delete(key.encode());
        Ok(())
    }

    /// `before` is no longer what the replica holds of `key`.
    fn changed(&mut self, key: &Key, before: Option<&Object>, after: Option<&Object>) -> Result<(), Error> {
        if let Some(before) = before {
            let count = count_of(&mut self.counts, before);
            *count = count.saturating_sub(1);
        }
        self.shared.layers.iter().try_for_each(|layer| layer.changed(self.txn, key, before, after))
    }

    /// Advances the clock to a version that another replica issued: everything written here from
    /// now on is later. False if the version is too far ahead to be true: then nothing was done,
    /// and an object with this version must not be stored.
    #[must_use]
    pub fn observe(&mut self, version: Version) -> bool {
        self.clock.observe(version)
    }

    /// Whether a version can be true, see [`Clock::believes`].
    pub fn believes(&self, version: Version) -> bool {
        self.clock.believes(version)
    }

    /// Advances the clock to the clocks of a fleet, see [`Clock::begin_at`].
    #[must_use]
    pub fn begin_at(&mut self, version: Version) -> bool {
        self.clock.begin_at(version)
    }

    /// Whether another replica may say that `key` holds `object`, which passed the rules, if the
    /// namespace is reserved: see [`Store::reserve`](crate::Store::reserve).
    ///
    /// # Errors
    /// Says what may not be.
    pub fn vet(&self, key: &Key, object: &Object) -> Result<(), BadObject> {
        self.shared.vet(key, object)
    }

    /// Whether there is room for `object`, which was vetted and is about to be stored.
    pub fn takes(&self, key: &Key, object: &Object) -> bool {
        self.shared.takes(key, object)
    }

    /// Skips this many counters: what is written here from now on is later.
    ///
    /// # Errors
    /// If the clock would have no counter left.
    pub(crate) fn skip(&mut self, counters: u64) -> Result<(), Error> {
        let counter = self.clock().saturating_add(counters);
        let moved = self.clock.observe(Version { counter, replica: self.shared.identity.replica });
        if moved { Ok(()) } else { Err(Error::ClockExhausted) }
    }

    /// Who writes here.
    pub fn identity(&self) -> &Identity {
        &self.shared.identity
    }

    /// The clock.
    pub fn clock(&self) -> u64 {
        self.clock.counter()
    }

    /// The transaction, for the records of a layer above.
    pub fn transaction(&mut self) -> &mut Transaction<'e> {
        self.txn
    }

    /// The clock before this write advanced it.
    pub(crate) fn began(&self) -> u64 {
        self.began
    }

    pub(crate) fn damages(&self) -> &'a Damages {
        &self.shared.damages
    }

    pub(crate) fn holds(&self) -> &Holds {
        &self.shared.holds
    }

    /// What the write changes besides objects: the clock and the counts.
    pub(crate) fn end(self) -> (Clock, Counts) {
        (self.clock, self.counts)
    }
}

/// The count that `object` is part of.
fn count_of<'a>(counts: &'a mut Counts, object: &Object) -> &'a mut u64 {
    if object.is_tombstone() { &mut counts.tombstones } else { &mut counts.objects }
}
