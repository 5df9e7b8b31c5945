//! What a pass shows about the other replica, and how far its claims are believed.

use std::collections::BTreeMap;

use merge::Knowledge;
use store::{Key, ReplicaId, Version};

use crate::{Head, Message};

/// What a pass has shown so far of what the other replica holds, compared with this one.
///
/// With a pass comes the claim "I know the writes of replica 3 up to 40". A replica that adopts it
/// never asks for these writes again, and refuses them as echoes if it lacks them. A replica does
/// not lie; but its directory may come from another fleet, or its disk may have lost something. Two
/// rules hold for the pass of every healthy replica, and its claim is checked against them:
///
/// - It has what it claims to know. A write that it knows was applied, or something later for the
///   same key was, and that never gets earlier, except for a tombstone, which may be collected.
///   (Not before this replica has said that it has the tombstone: so this one holds no older value
///   for the key either.) A replica that lacks a value which it claims to know is not believed at
///   all.
/// - About the writes of others it is believed up to the last one that it shows. Knowing less than
///   was claimed is never wrong, only less: the rest comes from their writer. A replica that shows
///   nothing of replica 3 cannot end what replica 3 still has to send.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shown {
    /// For each replica the counter of its last write that the other one holds.
    holds: Knowledge,
    /// For each replica the first of its writes that this replica holds, and the other one neither holds nor
    /// anything later of its key.
    lacks: BTreeMap<ReplicaId, (u64, Key)>,
}

impl Shown {
    /// The other replica holds this write.
    pub fn holds(&mut self, version: Version) {
        self.holds.raise(version.replica, version.counter);
    }

    /// This replica holds `ours` under `key`, and the other one nothing that late.
    pub fn lacks(&mut self, key: &Key, ours: Held) {
        // A tombstone may have been collected there. And a replica may refuse an entry of a
        // reserved namespace, and be healthy without it.
        if !ours.tombstone && !key.is_reserved() {
            self.lacks_from(ours.version.replica, ours.version.counter, key.clone());
        }
    }

    fn lacks_from(&mut self, replica: ReplicaId, counter: u64, key: Key) {
        let first = self.lacks.entry(replica).or_insert_with(|| (counter, key.clone()));
        if counter < first.0 {
            *first = (counter, key);
        }
    }

    /// Adds what the next slice of the pass has shown.
    pub fn join(&mut self, slice: Self) {
        self.holds.join(&slice.holds);
        for (replica, (counter, key)) in slice.lacks {
            self.lacks_from(replica, counter, key);
        }
    }

    /// How much of `said`, which `replica` knew when the pass began, may be adopted when it has
    /// ended; None if nothing that it claims may be believed.
    pub fn bears_out(&self, replica: ReplicaId, said: &Knowledge) -> Option<Knowledge> {
        let claimed = |(of, (counter, _)): &(&ReplicaId, &(u64, Key))| said.get(**of) >= *counter;
        if let Some((of, (counter, key))) = self.lacks.iter().find(claimed) {
            tracing::error!(
                %replica, %said, %key, lacks = %format_args!("{counter}@{of}"),
                "it says that it knows a write, and does not have it: nothing of what it knows is believed. Its disk has \
                 lost something, which sessions bring back, or its directory is not its own"
            );
            return None;
        }
        let shown = |version: Version| match version.replica {
            of if of == replica => version,
            of => Version { counter: version.counter.min(self.holds.get(of)), replica: of },
        };
        Some(said.iter().map(shown).collect())
    }
}

/// What is held under a key, as far as it matters here.
#[derive(Debug, Clone, Copy)]
pub struct Held {
    version: Version,
    tombstone: bool,
}

impl From<&Head> for Held {
    fn from(head: &Head) -> Self {
        Self { version: head.version, tombstone: head.metadata.tombstone }
    }
}

/// The same, as the initiator learns it: it only hears of keys that differ.
#[derive(Debug, Default)]
pub struct Checked {
    /// What it has sent a CHECK for, without an answer: so far the remote holds the same.
    unanswered: BTreeMap<Key, Held>,
    shown: Shown,
}

impl Checked {
    /// These are checked next.
    pub fn say(&mut self, heads: &[(Key, Head)]) {
        self.unanswered.extend(heads.iter().map(|(key, head)| (key.clone(), Held::from(head))));
    }

    /// The remote has said this.
    pub fn hear(&mut self, message: &Message) {
        match message {
            Message::Check { key, .. } => {
                if let Some(ours) = self.unanswered.remove(key) {
                    self.shown.lacks(key, ours);
                }
            }
            Message::Repair { key, object } => {
                self.unanswered.remove(key);
                self.shown.holds(object.version);
            }
            Message::Complete { .. } => {}
        }
    }

    /// What the slice has shown, when it has ended.
    pub fn end(self) -> Shown {
        let Self { unanswered, mut shown } = self;
        unanswered.into_values().for_each(|held| shown.holds(held.version));
        shown
    }
}
