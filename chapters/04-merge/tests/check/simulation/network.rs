//! Up to five replicas, and all that is on its way between them.

use std::collections::{BTreeMap, VecDeque};

use merge::Knowledge;
use store::ReplicaId;

use super::Laws;
use super::random::Random;
use super::replica::{Item, Key, Replica, Tick};

/// Keys that are written.
pub const KEYS: usize = 3;

/// The longest that a session lasts, in ticks.
const SESSION: Tick = 30;

/// What is on its way in a stream.
enum Message {
    Change { sequence: u64, key: Key, item: Item },
    Progress { sequence: u64, knowledge: Knowledge },
}

/// The stream of one replica's own writes to another, in order, however long it takes.
#[derive(Default)]
struct Stream {
    cut: u64,
    /// Up to here all own writes were sent.
    sent: u64,
    messages: VecDeque<Message>,
}

/// An object that is on its way in a session: it arrives whenever it likes, and more than once, or not.
struct Repair {
    to: usize,
    key: Key,
    item: Item,
    until: Tick,
}

/// A pass over all keys, one at a time, with what both knew when it began.
struct Pass {
    key: Key,
    begun: [Knowledge; 2],
}

type Pair = (usize, usize);

pub struct Network {
    pub replicas: Vec<Replica>,
    streams: BTreeMap<Pair, Stream>,
    repairs: Vec<Repair>,
    passes: BTreeMap<Pair, Pass>,
    pub random: Random,
    laws: Laws,
    now: Tick,
    /// What happened, where somebody wants to read it.
    pub story: Option<Vec<String>>,
}

impl Network {
    pub fn new(seed: u64, laws: Laws, story: Option<Vec<String>>) -> Self {
        let mut network = Self {
            replicas: Vec::new(),
            streams: BTreeMap::new(),
            repairs: Vec::new(),
            passes: BTreeMap::new(),
            random: Random(seed),
            laws,
            now: 0,
            story,
        };
        for id in 1..=2 + network.random.below(3) as u64 {
            network.replicas.push(Replica::new(ReplicaId(id)));
        }
        for pair in network.pairs() {
            network.meet(pair);
        }
        network
    }

    pub fn pairs(&self) -> Vec<Pair> {
        let all = 0..self.replicas.len();
        all.clone().flat_map(|a| all.clone().filter(move |b| *b != a).map(move |b| (a, b))).collect()
    }

    /// Something happens.
    pub fn step(&mut self) -> Result<(), String> {
        self.now += 1;
        let pairs = self.pairs();
        let pair = pairs[self.random.below(pairs.len())];
        let (from, to) = pair;
        match self.random.below(100) {
            0..14 => self.write(from),
            14..28 => self.send(pair),
            28..44 => self.receive(pair)?,
            44..52 => self.repair(pair),
            52..62 => self.arrive()?,
            62..78 => self.slice(pair)?,
            78..92 => self.collect(from),
            92..94 => self.restart(from),
            94..96 => drop(self.streams.remove(&pair)),
            96 => self.cut_log(from),
            97..99 => self.leave_behind(pair),
            _ => self.join(to),
        }
        Ok(())
    }

    fn tell(&mut self, words: impl FnOnce(&Self) -> String) {
        if self.story.is_some() {
            let line = format!("{:4}  {}", self.now, words(self));
            self.story.get_or_insert_default().push(line);
        }
    }

    fn meet(&mut self, (a, b): Pair) {
        let ids = [self.replicas[a].id, self.replicas[b].id];
        self.replicas[a].meet(ids[1]);
        self.replicas[b].meet(ids[0]);
    }

    /// Whether the two may exchange anything; then they have met.
    pub fn contact(&mut self, pair: Pair) -> bool {
        let (a, b) = pair;
        let refuses = |a: usize, b: usize| self.replicas[a].left_behind.contains(&self.replicas[b].id);
        let allowed = !refuses(a, b) && !refuses(b, a);
        if allowed {
            self.meet(pair);
            let (ids, now) = ([a, b].map(|at| self.replicas[at].id), self.now);
            self.replicas[a].hear(ids[1], now);
            self.replicas[b].hear(ids[0], now);
        }
        allowed
    }

    fn write(&mut self, at: usize) {
        let (key, deletes) = (self.random.below(KEYS), self.random.below(2) == 0);
        let holds = self.replicas[at].items.get(&key).is_some_and(|item| !item.tombstone);
        if holds || !deletes {
            self.replicas[at].write(key, deletes);
            let what = if deletes { "deletes" } else { "puts" };
            self.tell(|all| {
                let replica = &all.replicas[at];
                format!("replica {} {what} key {key}: {}@{}", replica.id, replica.clock, replica.id)
            });
        }
    }

    /// The next own write goes into the stream, or word that there is none.
    fn send(&mut self, pair: Pair) {
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

    fn receive(&mut self, pair: Pair) -> Result<(), String> {
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

    fn settle(&self) -> Tick {
        if self.laws.reports_settle { SESSION } else { 0 }
    }

    /// A copy of something goes on its way outside of the streams.
    fn repair(&mut self, pair: Pair) {
        let key = self.random.below(KEYS);
        let item = self.replicas[pair.0].items.get(&key).copied();
        if let Some(item) = item.filter(|_| self.contact(pair)) {
            for _ in 0..=self.random.below(2) {
                self.repairs.push(Repair { to: pair.1, key, item, until: self.now + SESSION });
            }
        }
    }

    fn arrive(&mut self) -> Result<(), String> {
        let now = self.now;
        self.repairs.retain(|repair| repair.until > now);
        if self.repairs.is_empty() {
            return Ok(());
        }
        let at = self.random.below(self.repairs.len());
        let Repair { to, key, item, .. } = self.repairs.swap_remove(at);
        self.tell(|all| format!("repair to {}: key {key} is {}", all.replicas[to].id, item.version));
        self.replicas[to].apply(key, item)
    }

    /// A pass goes on by a key, begins, or ends.
    fn slice(&mut self, pair: Pair) -> Result<(), String> {
        if !self.contact(pair) {
            return Ok(());
        }
        let (a, b) = pair;
        let begun = [self.replicas[a].knowledge(), self.replicas[b].knowledge()];
        if !self.passes.contains_key(&pair) {
            self.exchange_reports(pair, &begun);
        }
        let pass = self.passes.entry(pair).or_insert(Pass { key: 0, begun });
        if pass.key < KEYS {
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

    fn exchange_reports(&mut self, (a, b): Pair, [ours, theirs]: &[Knowledge; 2]) {
        let (settle, now) = (self.settle(), self.now);
        let ids = [self.replicas[a].id, self.replicas[b].id];
        self.replicas[a].report(ids[1], theirs.clone(), now, settle);
        self.replicas[b].report(ids[0], ours.clone(), now, settle);
    }

    fn collect(&mut self, at: usize) {
        let (now, settle) = (self.now, self.settle());
        for (key, version) in self.replicas[at].collect(now, settle) {
            self.tell(|all| format!("replica {} collects {version} of key {key}", all.replicas[at].id));
        }
    }

    /// All connections of a replica break.
    fn restart(&mut self, at: usize) {
        self.replicas[at].restart();
        self.streams.retain(|pair, _| pair.0 != at && pair.1 != at);
        self.passes.retain(|pair, _| pair.0 != at && pair.1 != at);
    }

    fn cut_log(&mut self, at: usize) {
        let replica = &mut self.replicas[at];
        let cut = replica.log.len() / 2;
        if let Some((sequence, _)) = replica.log.drain(..cut).last() {
            replica.cut = sequence;
        }
    }

    fn leave_behind(&mut self, pair: Pair) {
        let (at, away) = (&self.replicas[pair.0], self.replicas[pair.1].id);
        // Those that the one left behind has let in are known here; see `join`.
        let met = self.replicas[pair.1].members.iter().all(|id| *id == at.id || at.members.contains(id));
        if met && at.away(away, self.now) > SESSION {
            self.replicas[pair.0].left_behind.insert(away);
            for pair in [pair, (pair.1, pair.0)] {
                self.streams.remove(&pair);
                self.passes.remove(&pair);
            }
            self.tell(|all| format!("replica {} leaves {away} behind", all.replicas[pair.0].id));
        }
    }

    /// An empty replica joins, through one that is there.
    fn join(&mut self, through: usize) {
        let split = self.replicas.iter().any(|replica| !replica.left_behind.is_empty());
        if self.replicas.len() < 5 && !split {
            let mut replica = Replica::new(ReplicaId(self.replicas.len() as u64 + 1));
            if self.laws.meets_before_it_writes {
                replica.clock = self.replicas[through].clock;
            }
            self.replicas.push(replica);
            let new = self.replicas.len() - 1;
            if self.laws.meets_before_it_writes {
                self.meet((through, new));
            }
            self.tell(|all| {
                format!("replica {} joins through {}", all.replicas[new].id, all.replicas[through].id)
            });
        }
    }

    /// All is healed, and everything that is still on its way arrives: until nothing changes any more.
    pub fn heal(&mut self) -> Result<(), String> {
        let pairs = self.pairs();
        for _ in 0..4 {
            for pair in pairs.clone() {
                while self.streams.get(&pair).is_some_and(|stream| !stream.messages.is_empty()) {
                    self.receive(pair)?;
                }
                for _ in 0..KEYS + 2 {
                    self.slice(pair)?;
                }
            }
        }
        self.repairs.clear();
        self.streams.clear();
        Ok(())
    }

    /// Everybody hears from everybody for long enough, and collects; who is refused is given up in turn.
    pub fn settle_and_collect(&mut self) {
        for (a, b) in self.pairs() {
            if !self.contact((a, b)) {
                let id = self.replicas[b].id;
                self.replicas[a].left_behind.insert(id);
            }
        }
        for _ in 0..4 {
            for pair in self.pairs() {
                if self.contact(pair) {
                    let begun = [self.replicas[pair.0].knowledge(), self.replicas[pair.1].knowledge()];
                    self.exchange_reports(pair, &begun);
                    self.replicas[pair.0].adopt(&begun[1], true);
                }
            }
            self.now += SESSION;
        }
        (0..self.replicas.len()).for_each(|at| self.collect(at));
    }
}
