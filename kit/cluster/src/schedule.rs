//! What is done to a cluster, and when: a plain value, made from a seed.

use std::fmt;
use std::time::Duration;

use crate::make::make;

/// The replicas of the cluster.
pub const REPLICAS: [u64; 3] = [1, 2, 3];

/// How many writes and deletes a schedule has.
pub const WRITES: usize = 300;

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

/// How long bytes take from one replica to another, for each pair.
pub type Latencies = Vec<((u64, u64), Duration)>;

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
    pub latencies: Latencies,
    /// What brings a write to the other replicas.
    pub ways: Ways,
    /// In the order of time.
    pub steps: Vec<Step>,
    /// When it is over. All that was cut is healed, and all replicas run or are being started.
    pub length: Duration,
}

impl Schedule {
    /// The schedule of this seed: writes at all replicas, and meanwhile two faults of each process and
    /// nine of the network.
    pub fn new(seed: u64) -> Self {
        let (latencies, steps) = make(seed);
        let ways = match seed % 4 {
            2 => Ways::Streams,
            3 => Ways::Sessions,
            _ => Ways::Both,
        };
        Self { latencies, ways, steps, length: Duration::from_millis(LENGTH) }
    }

    /// How many of its steps are such.
    pub fn count(&self, such: impl Fn(&Action) -> bool) -> usize {
        self.steps.iter().filter(|step| such(&step.action)).count()
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
