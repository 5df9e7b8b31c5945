//! Up to five replicas, and all that is on its way between them.

use std::collections::{BTreeMap, BTreeSet};

use merge::may_collect;
use store::ReplicaId;

use super::Laws;
use super::random::Random;
use super::replica::{Replica, Tick};
use super::traffic::{Pass, Repair, Stream};

/// The longest that a session lasts, in ticks.
pub const SESSION: Tick = 4;

/// How often each event of [`Network::step`] happens, before the run makes some of them rarer.
const WEIGHTS: [usize; 13] = [16, 20, 14, 16, 16, 30, 40, 2, 3, 2, 2, 4, 24];

pub type Pair = (usize, usize);

pub struct Network {
    pub replicas: Vec<Replica>,
    /// How many keys are written.
    pub keys: usize,
    pub streams: BTreeMap<Pair, Stream>,
    pub repairs: Vec<Repair>,
    pub passes: BTreeMap<Pair, Pass>,
    pub random: Random,
    pub laws: Laws,
    /// Links over which nothing goes.
    pub cut: BTreeSet<Pair>,
    weights: [usize; 13],
    pub now: Tick,
    /// What happened, where somebody wants to read it.
    pub story: Option<Vec<String>>,
}

impl Network {
    pub fn new(seed: u64, laws: Laws, story: Option<Vec<String>>) -> Self {
        let mut random = Random(seed);
        let mut network = Self {
            replicas: Vec::new(),
            keys: 2 - (seed % 2) as usize,
            streams: BTreeMap::new(),
            repairs: Vec::new(),
            passes: BTreeMap::new(),
            // Each run leaves some things out and does others more often: that finds what an even mixture does
            // not (Groce et al., "Swarm Testing", 2012).
            weights: WEIGHTS.map(|weight| 1 + weight * [0, 1, 1, 3][random.below(4)]),
            random,
            laws,
            cut: BTreeSet::new(),
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
        match self.event() {
            0 => self.write(from),
            1 => self.send(pair),
            2 => self.receive(pair)?,
            3 => self.repair(pair),
            4 => self.arrive()?,
            5 => self.slice(pair)?,
            6 => self.collect(from),
            7 => self.restart(from),
            8 => self.break_stream(pair),
            9 => self.cut_log(from),
            10 => self.leave_behind(pair),
            11 => self.join(to),
            _ => self.cut_or_heal(pair),
        }
        Ok(())
    }

    fn event(&mut self) -> usize {
        let mut lot = self.random.below(self.weights.iter().sum());
        self.weights
            .iter()
            .take_while(|weight| lot.checked_sub(**weight).inspect(|rest| lot = *rest).is_some())
            .count()
    }

    pub fn tell(&mut self, words: impl FnOnce(&Self) -> String) {
        if self.story.is_some() {
            let line = format!("{:4}  {}", self.now, words(self));
            self.story.get_or_insert_default().push(line);
        }
    }

    pub fn is_cut(&self, (a, b): Pair) -> bool {
        self.cut.contains(&(a.min(b), a.max(b)))
    }

    fn cut_or_heal(&mut self, (a, b): Pair) {
        let link = (a.min(b), a.max(b));
        let healed = self.cut.remove(&link);
        if !healed {
            self.cut.insert(link);
        }
        self.tell(|all| {
            let [a, b] = all.ids(link);
            format!("link {a} - {b}: {}", if healed { "healed" } else { "cut" })
        });
    }

    pub fn ids(&self, (a, b): Pair) -> [ReplicaId; 2] {
        [self.replicas[a].id, self.replicas[b].id]
    }

    fn meet(&mut self, (a, b): Pair) {
        let ids = self.ids((a, b));
        self.replicas[a].meet(ids[1]);
        self.replicas[b].meet(ids[0]);
    }

    /// Whether the two may exchange anything; then they have met.
    pub fn contact(&mut self, pair: Pair) -> bool {
        let (a, b) = pair;
        let refuses = |a: usize, b: usize| self.replicas[a].left_behind.contains(&self.replicas[b].id);
        let allowed = !refuses(a, b) && !refuses(b, a) && !self.is_cut(pair);
        if allowed {
            self.meet(pair);
            let (ids, now) = (self.ids(pair), self.now);
            self.replicas[a].hear(ids[1], now);
            self.replicas[b].hear(ids[0], now);
        }
        allowed
    }

    fn write(&mut self, at: usize) {
        let (key, deletes) = (self.random.below(self.keys), self.random.below(2) == 0);
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

    pub fn collect(&mut self, at: usize) {
        let (now, settle) = (self.now, self.settle());
        for (key, version) in self.replicas[at].collect(now, settle, may_collect) {
            self.tell(|all| {
                format!("replica {} forgets tombstone {version} of key {key}", all.replicas[at].id)
            });
        }
    }

    /// All connections of a replica break.
    fn restart(&mut self, at: usize) {
        self.replicas[at].restart();
        self.tell(|all| format!("replica {} restarts", all.replicas[at].id));
        self.streams.retain(|pair, _| pair.0 != at && pair.1 != at);
        self.passes.retain(|pair, _| pair.0 != at && pair.1 != at);
    }

    fn break_stream(&mut self, pair: Pair) {
        if self.streams.remove(&pair).is_some() {
            let [from, to] = self.ids(pair);
            self.tell(|_| format!("stream {from} -> {to}: breaks"));
        }
    }

    fn cut_log(&mut self, at: usize) {
        let replica = &mut self.replicas[at];
        let cut = replica.log.len() / 2;
        let last = replica.log.drain(..cut).next_back();
        if let Some((sequence, _)) = last {
            replica.cut = sequence;
            // A stream that had not come so far begins again, and tells where the log now begins.
            self.streams.retain(|pair, stream| pair.0 != at || stream.sent >= sequence);
            self.tell(|all| format!("replica {} cuts its log at {sequence}", all.replicas[at].id));
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
            // At first it may reach nobody else.
            if self.random.below(2) == 0 {
                self.cut.extend((0..new).filter(|other| *other != through).map(|other| (other, new)));
            }
            self.tell(|all| {
                format!("replica {} joins through {}", all.replicas[new].id, all.replicas[through].id)
            });
        }
    }
}
