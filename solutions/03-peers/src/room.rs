//! How large a fleet may be: each member is dialed, pinged, and a line in every table and on every page.

use std::collections::{BTreeMap, BTreeSet};

use store::{Key, Object, Version};

use crate::Error;
use crate::entry::Entry;

/// The most replicas of a fleet. Each pings each other.
pub(crate) const MAX_MEMBERS: usize = 64;

/// The most entries of a table, and so of one message: the members, and those that were removed, for good.
pub(crate) const MAX_ENTRIES: usize = 1000;

/// What a table holds, as far as its bounds go.
pub(crate) struct Room {
    members: BTreeSet<Key>,
    all: BTreeMap<Key, Version>,
}

impl Room {
    pub fn new(table: &[(Key, Object)]) -> Self {
        let members = table.iter().filter(|(_, object)| !object.is_tombstone());
        Self {
            members: members.map(|(key, _)| key.clone()).collect(),
            all: table.iter().map(|(key, object)| (key.clone(), object.version)).collect(),
        }
    }

    /// Keeps of `entries` those that there is room for, and tells how many there are not.
    ///
    /// What fits is taken in, and not all or nothing: else one table that is too large would keep out of
    /// every other one the removals that make it smaller. For the same reason removals come first.
    pub fn fit(&mut self, entries: &mut Vec<Entry>) -> usize {
        let before = entries.len();
        let mut removals = BTreeSet::new();
        for entry in entries.iter().filter(|entry| entry.object.is_tombstone()) {
            if self.takes(entry) {
                removals.insert(entry.key.clone());
            }
        }
        entries.retain(|entry| match entry.object.is_tombstone() {
            true => removals.contains(&entry.key),
            false => self.takes(entry),
        });
        before - entries.len()
    }

    /// Whether a member may be added, or changed.
    ///
    /// # Errors
    /// Where there is no room for it.
    pub fn member(&self, key: &Key) -> Result<(), Error> {
        let known = self.members.contains(key) || self.members.len() < MAX_MEMBERS;
        match known && self.has_entry(key) {
            true => Ok(()),
            false => Err(Error::NoRoom),
        }
    }

    fn has_entry(&self, key: &Key) -> bool {
        self.all.contains_key(key) || self.all.len() < MAX_ENTRIES
    }

    fn takes(&mut self, Entry { key, object, .. }: &Entry) -> bool {
        // An older entry changes nothing, but it may show that two replicas have one id.
        if self.all.get(key).is_some_and(|ours| *ours >= object.version) {
            return true;
        }
        let fits = match object.is_tombstone() {
            true => self.has_entry(key),
            false => self.member(key).is_ok(),
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
