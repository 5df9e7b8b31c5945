//! What replicas send to one another: streams of own writes, repairs, and passes over all keys.

use std::collections::VecDeque;

use merge::Knowledge;

use super::network::{Network, Pair, SESSION};
use super::replica::{Item, Key, Tick};

/// What is on its way in a stream.
pub enum Message {
    Change { sequence: u64, key: Key, item: Item },
    Progress { sequence: u64, knowledge: Knowledge },
}

/// The stream of one replica's own writes to another, in order, however long it takes.
#[derive(Default)]
pub struct Stream {
    cut: u64,
    /// Up to here all own writes were sent.
    pub sent: u64,
    pub messages: VecDeque<Message>,
}

/// An object that is on its way in a session: it arrives whenever it likes, and more than once, or not.
pub struct Repair {
    pair: Pair,
    key: Key,
    item: Item,
    pub until: Tick,
}

/// A pass over all keys, one at a time, with what both knew when it began.
pub struct Pass {
    key: Key,
    begun: [Knowledge; 2],
}

impl Network {
    /// The next own write goes into the stream, or word that there is none.
    pub fn send(&mut self, pair: Pair) {
        if !self.contact(pair) {
            return;
        }
        let (from, to) = (&self.replicas[pair.0], &self.replicas[pair.1]);
        let stream = self.streams.entry(pair).or_insert_with(|| Stream {
            cut: from.cut,
            sent: to.knowledge().get(from.id).max(from.cut),
            messages: VecDeque::new(),
        });
        match from.log.iter().find(|(sequence, _)| *sequence > stream.sent) {
            Some((sequence, key)) => {
                stream.sent = *sequence;
                // What the key holds now: that write, or what replaced it, or nothing any more.
                if let Some(item) = from.items.get(key) {
                    let change = Message::Change { sequence: *sequence, key: *key, item: *item };
                    stream.messages.push_back(change);
                }
            }
            None => {
                let progress = Message::Progress { sequence: from.clock, knowledge: from.knowledge() };
                stream.messages.push_back(progress);
            }
        }
    }

    pub fn receive(&mut self, pair: Pair) -> Result<(), String> {
        if self.is_cut(pair) {
            return Ok(());
        }
        let Some(stream) = self.streams.get_mut(&pair) else { return Ok(()) };
        let (cut, message) = (stream.cut, stream.messages.pop_front());
        let (from, settle) = (self.replicas[pair.0].id, self.settle());
        let to = &mut self.replicas[pair.1];
        let known = to.knowledge().get(from);
        let sequence = match message {
            None => return Ok(()),
            Some(Message::Change { sequence, key, item }) => {
                if sequence > known || !self.laws.passes_over_known_changes {
                    to.apply(key, item)?;
                    self.tell(|all| {
                        let to = all.replicas[pair.1].id;
                        format!("stream {from} -> {to}: change {sequence}, key {key} is {}", item.version)
                    });
                }
                sequence
            }
            Some(Message::Progress { sequence, knowledge }) => {
                to.report(from, knowledge, self.now, settle);
                sequence
            }
        };
        if known >= cut {
            let learnt = [store::Version { counter: sequence, replica: from }].into_iter().collect();
            self.replicas[pair.1].adopt(&learnt, self.laws.knowledge_moves_the_clock);
        }
        Ok(())
    }

    pub fn settle(&self) -> Tick {
        if self.laws.reports_settle { SESSION } else { 0 }
    }

    /// A copy of something goes on its way outside of the streams.
    pub fn repair(&mut self, pair: Pair) {
        let key = self.random.below(self.keys);
        let item = self.replicas[pair.0].items.get(&key).copied();
        if let Some(item) = item.filter(|_| self.contact(pair)) {
            for _ in 0..=self.random.below(2) {
                self.repairs.push(Repair { pair, key, item, until: self.now + SESSION });
            }
        }
    }

    pub fn arrive(&mut self) -> Result<(), String> {
        let now = self.now;
        self.repairs.retain(|repair| repair.until > now);
        if self.repairs.is_empty() {
            return Ok(());
        }
        let at = self.random.below(self.repairs.len());
        if self.is_cut(self.repairs[at].pair) {
            return Ok(());
        }
        let Repair { pair: (_, to), key, item, .. } = self.repairs.swap_remove(at);
        self.tell(|all| format!("repair to {}: key {key} is {}", all.replicas[to].id, item.version));
        self.replicas[to].apply(key, item)
    }

    /// A pass goes on by a key, begins, or ends.
    pub fn slice(&mut self, pair: Pair) -> Result<(), String> {
        if !self.contact(pair) {
            return Ok(());
        }
        // A session may end before its time; the next pass begins anew.
        if self.random.below(8) == 0 {
            self.passes.remove(&pair);
        }
        let (a, b) = pair;
        let begun = [self.replicas[a].knowledge(), self.replicas[b].knowledge()];
        if !self.passes.contains_key(&pair) {
            self.exchange_reports(pair, &begun);
        }
        let pass = self.passes.entry(pair).or_insert(Pass { key: 0, begun });
        if pass.key < self.keys {
            let key = pass.key;
            pass.key += 1;
            let (ours, theirs) =
                (self.replicas[a].items.get(&key).copied(), self.replicas[b].items.get(&key).copied());
            if let Some(item) = theirs {
                self.replicas[a].apply(key, item)?;
            }
            if let Some(item) = ours {
                self.replicas[b].apply(key, item)?;
            }
        } else if let Some(Pass { begun: [ours, theirs], .. }) = self.passes.remove(&pair) {
            self.replicas[a].adopt(&theirs, self.laws.knowledge_moves_the_clock);
            self.replicas[b].adopt(&ours, self.laws.knowledge_moves_the_clock);
            self.tell(|all| {
                format!("pass {} <-> {}: adopted {theirs}; {ours}", all.replicas[a].id, all.replicas[b].id)
            });
        }
        Ok(())
    }

    pub fn exchange_reports(&mut self, (a, b): Pair, [ours, theirs]: &[Knowledge; 2]) {
        let (settle, now) = (self.settle(), self.now);
        let ids = [self.replicas[a].id, self.replicas[b].id];
        self.replicas[a].report(ids[1], theirs.clone(), now, settle);
        self.replicas[b].report(ids[0], ours.clone(), now, settle);
    }
}
