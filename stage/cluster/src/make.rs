//! From a seed to the steps of a schedule. All times are in milliseconds since it began.

use std::time::Duration;

use fastrand::Rng;
use world::{Action, Latency, Limits, Schedule, Step, Ways};

/// The replicas of the cluster.
pub const REPLICAS: [u64; 3] = [1, 2, 3];

/// How many writes and deletes a schedule has.
pub const WRITES: usize = 300;

/// When a schedule is over, in milliseconds: each fault has ended before, so that faults meet writes.
const LENGTH: u64 = 7_000;

/// The length of the logs if anti-entropy runs: short, so that a peer that was cut off lacks what
/// was dropped.
const SHORT_LOG: u64 = 8;

/// How long a replica is down after all other faults. A log is cut once a second.
const DOWN: u64 = 2_500;

/// How many writes it misses, each to its own key: more than a short log holds.
const MISSED: usize = 3 * SHORT_LOG as usize;

/// How many keys are written at one time: few, so that writes meet.
const KEYS: u64 = 6;

/// How many keys there are: the six move on from the first to the last, so that those behind them have peace,
/// and tombstones may be collected.
const ALL_KEYS: u64 = 24;

/// One in this many writes is a delete.
const DELETES: u64 = 3;

/// The last write is before this.
const WRITING: u64 = 6_500;

/// What may happen to a process.
#[derive(Clone, Copy)]
enum Fault {
    Kill,
    KillAndJump,
    StopAndJump,
    Pause,
}

/// By how much a clock may jump, in seconds, forwards or back: from what drifts to what a person sets.
const JUMPS: [i64; 4] = [1, 60, 3_600, 86_400];

/// The schedule of this seed: writes at all replicas, and meanwhile two faults of each process and nine of the
/// network.
pub fn schedule(seed: u64) -> Schedule {
    let mut maker = Maker { rng: Rng::with_seed(seed), steps: Vec::new() };
    let latencies = maker.latencies();
    maker.writes();
    maker.processes();
    maker.network();
    let ways = match seed % 4 {
        2 => Ways::Streams,
        3 => Ways::Sessions,
        _ => Ways::Both,
    };
    let (mut limits, mut length) = (Limits::default(), LENGTH);
    if ways == Ways::Both {
        limits.log_changes = Some(SHORT_LOG);
        length += DOWN;
        maker.needs_sessions();
    }
    maker.steps.sort_by_key(|step| step.at);
    let (replicas, length) = (REPLICAS.len() as u64, Duration::from_millis(length));
    Schedule {
        replicas,
        latencies,
        ways,
        limits,
        numbers: world::Numbers::default(),
        steps: maker.steps,
        length,
    }
}

struct Maker {
    rng: Rng,
    steps: Vec<Step>,
}

impl Maker {
    fn add(&mut self, millis: u64, action: Action) {
        self.steps.push(Step { at: Duration::from_millis(millis), action });
    }

    fn replica(&mut self) -> u64 {
        REPLICAS[self.rng.usize(..REPLICAS.len())]
    }

    fn pair(&mut self) -> (u64, u64) {
        let mut replicas = REPLICAS;
        self.rng.shuffle(&mut replicas);
        (replicas[0], replicas[1])
    }

    /// From a rack's to a continent's.
    fn latencies(&mut self) -> Vec<Latency> {
        let pairs = REPLICAS.iter().flat_map(|&from| REPLICAS.iter().map(move |&to| (from, to)));
        let pairs = pairs.filter(|(from, to)| from != to);
        let takes = |(from, to)| Latency { from, to, takes: Duration::from_millis(self.rng.u64(1..=40)) };
        pairs.map(takes).collect()
    }

    fn writes(&mut self) {
        for number in 0..WRITES {
            let (at, replica) = (self.rng.u64(..WRITING), self.replica());
            let key = format!("key-{:02}", at * (ALL_KEYS - KEYS + 1) / WRITING + self.rng.u64(..KEYS));
            let delete = self.rng.u64(..DELETES) == 0;
            self.add(
                at,
                if delete {
                    Action::Delete { replica, key, number }
                } else {
                    Action::Put { replica, key, value: format!("w{number}"), number }
                },
            );
        }
    }

    /// Two faults of each process, one after the other: it has to come back in between.
    fn processes(&mut self) {
        use Fault::{Kill, KillAndJump, Pause, StopAndJump};
        let mut faults = [Kill, Kill, Kill, KillAndJump, StopAndJump, Pause];
        self.rng.shuffle(&mut faults);
        for (replica, faults) in REPLICAS.into_iter().zip(faults.chunks(2)) {
            for (fault, (from, to)) in faults.iter().zip([(300, 2_200), (3_600, 5_400)]) {
                let at = self.rng.u64(from..to);
                let back = at + self.rng.u64(100..1_200);
                self.fault(*fault, replica, at, back);
            }
        }
    }

    fn fault(&mut self, fault: Fault, replica: u64, at: u64, back: u64) {
        let jump = JUMPS[self.rng.usize(..JUMPS.len())] * if self.rng.bool() { 1 } else { -1 };
        let (end, clock) = match fault {
            Fault::Pause => {
                self.add(at, Action::Pause { replica });
                return self.add(back, Action::Continue { replica });
            }
            Fault::Kill => (Action::Kill { replica }, 0),
            Fault::KillAndJump => (Action::Kill { replica }, jump),
            Fault::StopAndJump => (Action::Stop { replica }, jump),
        };
        self.add(at, end);
        self.add(back, Action::Start { replica, clock });
    }

    /// Four cuts one way, two both ways, one replica cut off from all, two times broken connections.
    fn network(&mut self) {
        for _ in 0..4 {
            let pair = self.pair();
            self.cut(&[pair]);
        }
        for _ in 0..2 {
            let (a, b) = self.pair();
            self.cut(&[(a, b), (b, a)]);
        }
        let alone = self.replica();
        let others = REPLICAS.into_iter().filter(|other| *other != alone);
        let ways: Vec<_> = others.flat_map(|other| [(alone, other), (other, alone)]).collect();
        self.cut(&ways);
        for _ in 0..2 {
            let (a, b) = self.pair();
            let at = self.rng.u64(300..6_000);
            self.add(at, Action::Reset { a, b });
        }
    }

    /// A replica comes back, and no log holds all that it missed: a session has to bring that. All else the streams
    /// might have brought, and nobody would see that the sessions are dead.
    fn needs_sessions(&mut self) {
        let (replica, other) = self.pair();
        self.add(LENGTH, Action::Kill { replica });
        for number in (WRITES..).take(MISSED) {
            let (at, key, value) =
                (LENGTH + self.rng.u64(1..500), format!("missed-{number}"), format!("w{number}"));
            self.add(at, Action::Put { replica: other, key, value, number });
        }
        self.add(LENGTH + DOWN - 1, Action::Start { replica, clock: 0 });
    }

    fn cut(&mut self, ways: &[(u64, u64)]) {
        let at = self.rng.u64(300..5_500);
        let healed = at + self.rng.u64(300..1_400);
        for &(from, to) in ways {
            self.add(at, Action::Cut { from, to });
            self.add(healed, Action::Heal { from, to });
        }
    }
}
