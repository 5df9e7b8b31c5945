//! What is done to a cluster, and when: a plain value, made from a seed.

use std::fmt;
use std::time::Duration;

use fastrand::Rng;

/// The replicas of the cluster.
pub const REPLICAS: [u64; 3] = [1, 2, 3];

/// How many writes and deletes a schedule has.
pub const WRITES: usize = 300;

/// How many keys are written at one time: few, so that writes meet.
const KEYS: u64 = 6;

/// How many keys there are: the six move on from the first to the last, so that those behind them have peace,
/// and tombstones may be collected.
const ALL_KEYS: u64 = 24;

/// One write in so many is a delete.
const DELETES: u64 = 3;

/// The last write is before this.
const WRITING: u64 = 6_500;

/// When a schedule is over, in milliseconds: each fault has ended before, so that faults meet writes.
const LENGTH: u64 = 7_000;

/// What happens at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants say what their fields are")]
pub enum Action {
    /// A client sets a key at a replica; the value is `w` and the number of the write.
    Put { replica: u64, key: String, number: usize },
    /// A client deletes a key at a replica.
    Delete { replica: u64, key: String, number: usize },
    /// What one sends to the other does not arrive any more.
    Cut { from: u64, to: u64 },
    /// It arrives again.
    Heal { from: u64, to: u64 },
    /// All connections between two replicas break.
    Reset { a: u64, b: u64 },
    /// The process ends at once, as with `kill -9`.
    Kill { replica: u64 },
    /// The process is told to end, and ends in good order.
    Stop { replica: u64 },
    /// The process is started again; its wall clock is wrong by so many seconds.
    Start { replica: u64, clock: i64 },
    /// The process stands still, and its connections stay.
    Pause { replica: u64 },
    /// The process goes on.
    Continue { replica: u64 },
}

/// An action and its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Since the schedule began.
    pub at: Duration,
    /// What happens.
    pub action: Action,
}

/// What brings a write to the other replicas. Each of the two must do without the other: together, one
/// hides what the other does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ways {
    /// Streams and anti-entropy, and logs so short that a peer which was cut off lacks what is no longer there.
    Both,
    /// Streams alone.
    Streams,
    /// Anti-entropy alone.
    Sessions,
}

impl Ways {
    /// The arguments of a replica.
    pub fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Both => &["--log-changes=8"],
            Self::Streams => &["--no-anti-entropy"],
            Self::Sessions => &["--no-streaming"],
        }
    }
}

/// What is done to a cluster of [`REPLICAS`]. One seed gives one schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// How long bytes take from a replica to another, for each pair.
    pub latencies: Vec<((u64, u64), Duration)>,
    /// What brings a write to the other replicas.
    pub ways: Ways,
    /// In the order of time.
    pub steps: Vec<Step>,
    /// When it is over. All that was cut is healed, and all replicas run or are being started.
    pub length: Duration,
}

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

impl Schedule {
    /// The schedule of this seed: writes at all replicas, and meanwhile two faults of each process and
    /// nine of the network.
    pub fn new(seed: u64) -> Self {
        let mut maker = Maker { rng: Rng::with_seed(seed), steps: Vec::new() };
        let latencies = maker.latencies();
        let ways = match seed % 4 {
            2 => Ways::Streams,
            3 => Ways::Sessions,
            _ => Ways::Both,
        };
        maker.writes();
        maker.processes();
        maker.network();
        let mut steps = maker.steps;
        steps.sort_by_key(|step| step.at);
        Self { latencies, ways, steps, length: Duration::from_millis(LENGTH) }
    }

    /// How many of its steps are such.
    pub fn count(&self, such: impl Fn(&Action) -> bool) -> usize {
        self.steps.iter().filter(|step| such(&step.action)).count()
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
    fn latencies(&mut self) -> Vec<((u64, u64), Duration)> {
        let pairs = REPLICAS.iter().flat_map(|&from| REPLICAS.iter().map(move |&to| (from, to)));
        let pairs = pairs.filter(|(from, to)| from != to);
        pairs.map(|pair| (pair, Duration::from_millis(self.rng.u64(1..=40)))).collect()
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
                    Action::Put { replica, key, number }
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

    fn cut(&mut self, ways: &[(u64, u64)]) {
        let at = self.rng.u64(300..5_500);
        let healed = at + self.rng.u64(300..1_400);
        for &(from, to) in ways {
            self.add(at, Action::Cut { from, to });
            self.add(healed, Action::Heal { from, to });
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Put { replica, key, number } => write!(f, "replica {replica}: put {key} w{number}"),
            Self::Delete { replica, key, number } => {
                write!(f, "replica {replica}: delete {key} (w{number})")
            }
            Self::Cut { from, to } => write!(f, "cut {from} -> {to}"),
            Self::Heal { from, to } => write!(f, "heal {from} -> {to}"),
            Self::Reset { a, b } => write!(f, "break connections between {a} and {b}"),
            Self::Kill { replica } => write!(f, "replica {replica}: kill -9"),
            Self::Stop { replica } => write!(f, "replica {replica}: stop"),
            Self::Start { replica, clock: 0 } => write!(f, "replica {replica}: start"),
            Self::Start { replica, clock } => {
                write!(f, "replica {replica}: start, with a clock that is {clock:+} s wrong")
            }
            Self::Pause { replica } => write!(f, "replica {replica}: stand still"),
            Self::Continue { replica } => write!(f, "replica {replica}: go on"),
        }
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for ((from, to), latency) in &self.latencies {
            writeln!(f, "    0 ms  latency {from} -> {to}: {} ms", latency.as_millis())?;
        }
        writeln!(f, "    0 ms  replicas with {}", self.ways.arguments().join(" "))?;
        for Step { at, action } in &self.steps {
            writeln!(f, "{:5} ms  {action}", at.as_millis())?;
        }
        write!(f, "{:5} ms  heal all", self.length.as_millis())
    }
}
