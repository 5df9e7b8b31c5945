//! What is done to a fleet, and when: a plain value, the same for real processes and for the simulated fleet.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::action::Action;
use crate::millis;
use crate::numbers::Numbers;

/// How long bytes take from one replica to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Latency {
    /// Who sends.
    pub from: u64,
    /// Who receives.
    pub to: u64,
    /// In milliseconds where it is written down.
    #[serde(with = "millis")]
    pub takes: Duration,
}

/// An action and its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Since the schedule began; in milliseconds where it is written down.
    #[serde(with = "millis")]
    pub at: Duration,
    /// What happens.
    pub action: Action,
}

/// What brings a write to the other replicas. Each of the two must do without the other: together, one
/// hides what the other does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ways {
    /// Streams and anti-entropy.
    Both,
    /// Streams alone. They never bring what the log has forgotten or what a disk has lost, so no seed does that to them;
    /// every promise is asked of them.
    Streams,
    /// Anti-entropy alone.
    Sessions,
}

/// How little a replica makes do with. None is what it has by default, which few writes never reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// How many changes the log holds: a peer that was cut off for longer lacks what is no longer there.
    pub log_changes: Option<u64>,
    /// How many keys a session compares; only in the simulated fleet.
    pub slice_keys: Option<usize>,
    /// How many sessions a replica begins at once, and how many it answers at once; only in the simulated fleet.
    pub sessions: Option<usize>,
}

/// What is done to a fleet. It is healed afterwards, and must come to rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// How many replicas there are when it begins, with the ids from 1.
    pub replicas: u64,
    /// How long bytes take from a replica to another; no time where there is none.
    pub latencies: Vec<Latency>,
    /// What brings a write to the other replicas.
    pub ways: Ways,
    /// How little each replica makes do with.
    pub limits: Limits,
    /// What the replicas call each other; only in the simulated fleet.
    #[serde(default)]
    pub numbers: Numbers,
    /// In the order of time.
    pub steps: Vec<Step>,
    /// When it is over; in milliseconds where it is written down. What is still cut is healed then, what stands
    /// still goes on, and what is down is started.
    #[serde(with = "millis")]
    pub length: Duration,
}

impl Ways {
    /// Whether replicas send their writes as they happen.
    pub fn streams(self) -> bool {
        self != Self::Sessions
    }

    /// Whether replicas begin sessions of anti-entropy.
    pub fn sessions(self) -> bool {
        self != Self::Streams
    }
}

impl Schedule {
    /// How many of its steps are such.
    pub fn count(&self, such: impl Fn(&Action) -> bool) -> usize {
        self.steps.iter().filter(|step| such(&step.action)).count()
    }

    /// How long bytes take from one to the other when it begins.
    pub fn latency(&self, from: u64, to: u64) -> Duration {
        let found = self.latencies.iter().find(|latency| (latency.from, latency.to) == (from, to));
        found.map_or(Duration::ZERO, |latency| latency.takes)
    }

    /// The arguments that a replica's process is started with besides those of its fleet.
    pub fn arguments(&self) -> Vec<String> {
        let log = self.limits.log_changes.map(|changes| format!("--log-changes={changes}"));
        let way = match self.ways {
            Ways::Both => None,
            Ways::Streams => Some("--no-anti-entropy".to_owned()),
            Ways::Sessions => Some("--no-streaming".to_owned()),
        };
        log.into_iter().chain(way).collect()
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Latency { from, to, takes } in &self.latencies {
            writeln!(f, "    0 ms  latency {from} -> {to}: {} ms", takes.as_millis())?;
        }
        let slices = self.limits.slice_keys.map(|keys| format!("slices of {keys}"));
        let slots = self.limits.sessions.map(|most| format!("{most} session at a time"));
        let told: Vec<_> = self.arguments().into_iter().chain(slices).chain(slots).collect();
        if !told.is_empty() {
            writeln!(f, "    0 ms  replicas with {}", told.join(", "))?;
        }
        if self.numbers != Numbers::default() {
            let Numbers { after, apart } = self.numbers;
            writeln!(f, "    0 ms  ids and counters come after {after}, the ids {apart} apart")?;
        }
        for Step { at, action } in &self.steps {
            writeln!(f, "{:5} ms  {action}", at.as_millis())?;
        }
        write!(f, "{:5} ms  heal all", self.length.as_millis())
    }
}
