//! A replica as a plain value: what merging does, without a disk.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use merge::{Evidence, Knowledge, order};
use store::{ReplicaId, Version};

/// A write of a key: which one, and whether it deletes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Item {
    pub version: Version,
    pub tombstone: bool,
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.tombstone { "tombstone " } else { "" }, self.version)
    }
}

pub type Key = usize;
pub type Tick = u64;

/// Whether a tombstone may go.
pub type Rule = fn(Version, &Evidence) -> bool;

/// A peer's report that may be used, and the next, with the tick when it came.
#[derive(Default)]
struct Heard {
    last: Tick,
    settled: Option<Knowledge>,
    next: Option<(Tick, Knowledge)>,
}

pub struct Replica {
    pub id: ReplicaId,
    pub clock: u64,
    pub items: BTreeMap<Key, Item>,
    /// Without the own entry.
    known: Knowledge,
    /// Own writes, ascending.
    pub log: Vec<(u64, Key)>,
    /// Own writes up to this one are no longer in the log.
    pub cut: u64,
    pub members: BTreeSet<ReplicaId>,
    pub left_behind: BTreeSet<ReplicaId>,
    heard: BTreeMap<ReplicaId, Heard>,
    /// For the judge: the latest tombstone of each key that was collected here.
    pub collected: BTreeMap<Key, Version>,
    /// For the judge: the latest of all that was ever held here.
    pub latest: BTreeMap<Key, Item>,
}

impl Replica {
    pub fn new(id: ReplicaId) -> Self {
        Self {
            id,
            clock: 0,
            items: BTreeMap::new(),
            known: Knowledge::default(),
            log: Vec::new(),
            cut: 0,
            members: BTreeSet::new(),
            left_behind: BTreeSet::new(),
            heard: BTreeMap::new(),
            collected: BTreeMap::new(),
            latest: BTreeMap::new(),
        }
    }

    pub fn knowledge(&self) -> Knowledge {
        let mut knowledge = self.known.clone();
        knowledge.raise(self.id, self.clock);
        knowledge
    }

    pub fn write(&mut self, key: Key, tombstone: bool) {
        self.clock += 1;
        let item = Item { version: Version { counter: self.clock, replica: self.id }, tombstone };
        self.log.push((self.clock, key));
        self.hold(key, item);
    }

    fn hold(&mut self, key: Key, item: Item) {
        self.items.insert(key, item);
        let latest = self.latest.entry(key).or_insert(item);
        *latest = item.max(*latest);
    }

    /// Takes in what another replica held of `key`; an error where it should have been gone for good.
    pub fn apply(&mut self, key: Key, theirs: Item) -> Result<(), String> {
        let echo = self.knowledge().contains(theirs.version);
        self.clock = self.clock.max(theirs.version.counter);
        match self.items.get(&key) {
            Some(ours) if order(ours.version, theirs.version).is_lt() => self.hold(key, theirs),
            None if !echo => {
                self.hold(key, theirs);
                let gone = self.collected.get(&key).filter(|gone| **gone > theirs.version);
                return gone.map_or(Ok(()), |gone| {
                    let (id, version) = (self.id, theirs.version);
                    Err(format!("replica {id} forgot tombstone {gone} of key {key}, and takes in {version}"))
                });
            }
            _ => {}
        }
        Ok(())
    }

    pub fn adopt(&mut self, knowledge: &Knowledge, moves_clock: bool) {
        for version in knowledge.iter().filter(|version| version.replica != self.id) {
            self.known.raise(version.replica, version.counter);
            if moves_clock {
                self.clock = self.clock.max(version.counter);
            }
        }
    }

    /// The two have met: each is from now on one of those whom the other has heard of.
    pub fn meet(&mut self, peer: ReplicaId) {
        self.members.insert(peer);
        self.known.raise(peer, 0);
    }

    pub fn report(&mut self, peer: ReplicaId, knowledge: Knowledge, now: Tick, settle: Tick) {
        let heard = self.heard.entry(peer).or_default();
        heard.settle(now, settle);
        heard.next.get_or_insert((now, knowledge));
    }

    pub fn hear(&mut self, peer: ReplicaId, now: Tick) {
        self.heard.entry(peer).or_default().last = now;
    }

    pub fn away(&self, peer: ReplicaId, now: Tick) -> Tick {
        now - self.heard.get(&peer).map_or(0, |heard| heard.last)
    }

    /// The process ends and begins again: what was only in memory is gone.
    pub fn restart(&mut self) {
        self.heard.clear();
    }

    /// Forgets the tombstones that may go by `rule`, and says which.
    pub fn collect(&mut self, now: Tick, settle: Tick, rule: Rule) -> Vec<(Key, Version)> {
        self.heard.values_mut().for_each(|heard| heard.settle(now, settle));
        let reports = self.heard.iter().filter_map(|(peer, heard)| Some((*peer, heard.settled.clone()?)));
        let evidence = Evidence {
            me: self.id,
            ours: self.knowledge(),
            reports: reports.collect(),
            members: self.members.clone(),
            left_behind: self.left_behind.clone(),
        };
        let goes = |item: &Item| item.tombstone && rule(item.version, &evidence);
        let gone: Vec<_> =
            self.items.iter().filter(|(_, item)| goes(item)).map(|(k, item)| (*k, item.version)).collect();
        self.items.retain(|_, item| !goes(item));
        self.collected.extend(gone.iter().copied());
        gone
    }
}

impl Heard {
    fn settle(&mut self, now: Tick, settle: Tick) {
        if self.next.as_ref().is_some_and(|(at, _)| now - at >= settle) {
            self.settled = self.next.take().map(|(_, knowledge)| knowledge);
        }
    }
}
