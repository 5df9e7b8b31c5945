//! How large a fleet may be: each member is dialed, pinged, and a line in every table and in all
//! metrics.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use store::{BadObject, Key, Object, Reserved, Version};

use crate::Error;
use crate::entry::{self, Entry};

/// The most replicas in a fleet. Each pings every other.
pub(crate) const MAX_MEMBERS: usize = 64;

/// The most entries in a table, and so in one message: the members, and those removed for good.
pub(crate) const MAX_ENTRIES: usize = 1000;

/// How full a table is. Cheap to clone; all clones are one.
///
/// Entries arrive by pings, by streams and by sessions, and all of them are counted here. One that
/// is counted and then not stored stays counted until the table is next read: each ping does so.
#[derive(Clone, Default)]
pub(crate) struct Room(Arc<Mutex<Taken>>);

#[derive(Default)]
struct Taken {
    members: BTreeSet<Key>,
    all: BTreeMap<Key, Version>,
}

impl Room {
    /// The table holds this.
    pub fn look(&self, table: &[(Key, Object)]) {
        let members = table.iter().filter(|(_, object)| !object.is_tombstone());
        *self.lock() = Taken {
            members: members.map(|(key, _)| key.clone()).collect(),
            all: table.iter().map(|(key, object)| (key.clone(), object.version)).collect(),
        };
    }

    /// Keeps those of `entries` that there is room for, and returns the number of the rest.
    ///
    /// What fits is accepted, not all or nothing: otherwise one table that is too large would
    /// block, in every other one, the removals that make it smaller. For the same reason removals
    /// come first.
    pub fn fit(&self, entries: &mut Vec<Entry>) -> usize {
        let mut taken = self.lock();
        let before = entries.len();
        let mut removals = BTreeSet::new();
        for entry in entries.iter().filter(|entry| entry.object.is_tombstone()) {
            if taken.takes(&entry.key, &entry.object) {
                removals.insert(entry.key.clone());
            }
        }
        entries.retain(|entry| match entry.object.is_tombstone() {
            true => removals.contains(&entry.key),
            false => taken.takes(&entry.key, &entry.object),
        });
        before - entries.len()
    }

    /// Whether a member may be added, or changed.
    ///
    /// # Errors
    /// If there is no room for it.
    pub fn member(&self, key: &Key) -> Result<(), Error> {
        if self.lock().has_seat(key) { Ok(()) } else { Err(self.bound()) }
    }

    /// Which bound keeps out a replica that is not in the table.
    pub fn bound(&self) -> Error {
        if self.lock().all.len() < MAX_ENTRIES { Error::NoRoom } else { Error::NoIds }
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        // Nothing panics while it holds the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reserved for Room {
    fn vet(&self, key: &Key, object: &Object) -> Result<(), BadObject> {
        entry::vet(key, object)
    }

    fn takes(&self, key: &Key, object: &Object) -> bool {
        self.lock().takes(key, object)
    }
}

impl Taken {
    fn has_seat(&self, key: &Key) -> bool {
        (self.members.contains(key) || self.members.len() < MAX_MEMBERS) && self.has_entry(key)
    }

    fn has_entry(&self, key: &Key) -> bool {
        self.all.contains_key(key) || self.all.len() < MAX_ENTRIES
    }

    fn takes(&mut self, key: &Key, object: &Object) -> bool {
        // An older entry changes nothing, but it may show that two replicas have one id.
        if self.all.get(key).is_some_and(|ours| *ours >= object.version) {
            return true;
        }
        let fits = match object.is_tombstone() {
            true => self.has_entry(key),
            false => self.has_seat(key),
        };
        if fits {
            self.all.insert(key.clone(), object.version);
            match object.is_tombstone() {
                true => self.members.remove(key),
                false => self.members.insert(key.clone()),
            };
        }
        fits
    }
}
