//! What replicas send to one another: streams of own writes, repairs, and passes over all keys.

use std::collections::VecDeque;
use std::fmt;

use merge::Knowledge;

use super::network::{Network, Pair, SESSION};
use super::replica::{Item, Key, Tick};

/// What is on its way in a stream.
#[derive(Clone)]
pub enum Message {
    Change { sequence: u64, key: Key, item: Item },
    Progress { sequence: u64, knowledge: Knowledge },
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Change { sequence, key, item } => write!(f, "change {sequence}, key {key} is {item}"),
            Self::Progress { sequence, knowledge } => {
                write!(f, "progress {sequence}, and reports that it knows {knowledge}")
            }
        }
    }
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
        let message = match from.log.iter().find(|(sequence, _)| *sequence > stream.sent) {
            Some((sequence, key)) => {
                stream.sent = *sequence;
                // What the key holds now: that write, or what replaced it, or nothing any more.
                let Some(item) = from.items.get(key) else { return };
                Message::Change { sequence: *sequence, key: *key, item: *item }
            }
            None => Message::Progress { sequence: from.clock, knowledge: from.knowledge() },
        };
        let [from, to] = [from.id, to.id];
        stream.messages.push_back(message.clone());
        self.tell(|_| format!("stream {from} -> {to}: sends {message}"));
    }

    pub fn receive(&mut self, pair: Pair) -> Result<(), String> {
        if self.is_cut(pair) {
            return Ok(());
        }
        let Some(stream) = self.streams.get_mut(&pair) else { return Ok(()) };
        let (cut, message) = (stream.cut, stream.messages.pop_front());
        let Some(message) = message else { return Ok(()) };
        let ([from, to], settle) = (self.ids(pair), self.settle());
        let known = self.replicas[pair.1].knowledge().get(from);
        self.tell(|_| format!("stream {from} -> {to}: received {message}"));
        let to = &mut self.replicas[pair.1];
        let sequence = match message {
            Message::Change { sequence, key, item } => {
                if sequence > known || !self.laws.passes_over_known_changes {
                    to.apply(key, item)?;
                }
                sequence
            }
            Message::Progress { sequence, knowledge } => {
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
            let [from, to] = self.ids(pair);
            self.tell(|_| format!("repair {from} -> {to}: sends key {key} is {item}"));
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
        let Repair { pair, key, item, .. } = self.repairs.swap_remove(at);
        let [from, to] = self.ids(pair);
        self.tell(|_| format!("repair {from} -> {to}: received key {key} is {item}"));
        self.replicas[pair.1].apply(key, item)
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
            for (at, from, item) in [(a, b, theirs), (b, a, ours)] {
                if let Some(item) = item {
                    let [from, to] = self.ids((from, at));
                    self.tell(|_| format!("pass {from} -> {to}: key {key} is {item}"));
                    self.replicas[at].apply(key, item)?;
                }
            }
        } else if let Some(Pass { begun: [ours, theirs], .. }) = self.passes.remove(&pair) {
            self.replicas[a].adopt(&theirs, self.laws.knowledge_moves_the_clock);
            self.replicas[b].adopt(&ours, self.laws.knowledge_moves_the_clock);
            let [a, b] = self.ids(pair);
            self.tell(|_| format!("pass {a} - {b} ends: {a} adopts {theirs}, and {b} {ours}"));
        }
        Ok(())
    }

    pub fn exchange_reports(&mut self, (a, b): Pair, [ours, theirs]: &[Knowledge; 2]) {
        let (settle, now) = (self.settle(), self.now);
        let ids = self.ids((a, b));
        let [one, other] = ids;
        self.tell(|_| {
            format!("session {one} - {other}: {one} reports that it knows {ours}, and {other} {theirs}")
        });
        self.replicas[a].report(ids[1], theirs.clone(), now, settle);
        self.replicas[b].report(ids[0], ours.clone(), now, settle);
    }
}
