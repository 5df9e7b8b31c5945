//! From a seed to a schedule. Each seed turns on a part of the faults, by chance: where all happen at once, one
//! hides another (Groce et al., "Swarm Testing", 2012).

mod members;
mod weather;

use std::time::Duration;

use fastrand::Rng;

use crate::action::Action;
use crate::fleet::LOSABLE;
use crate::numbers::Numbers;
use crate::schedule::{Latency, Limits, Schedule, Step, Ways};

/// The numbers of replicas that a seed may choose from: mostly three.
const FLEETS: [u64; 16] = [3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 2, 2, 4, 4, 5, 7];

/// After how many polls a process may die: an idle one has a hundred or so in a second.
const POLLS: [u64; 3] = [10, 100, 1_000];

/// The numbers of an old fleet. Ids have a digit more, or more than a byte, than 32 bits with and without a sign, than
/// a float tells apart, than a signed number; or they lie so far apart that a sum of both tells them not from counters.
/// Counters become so large in the middle of a schedule.
const OLD: [Numbers; 10] = [
    Numbers { after: 7, apart: 1 },
    Numbers { after: 97, apart: 1 },
    Numbers { after: 254, apart: 1 },
    Numbers { after: (1 << 31) - 40, apart: 16 },
    Numbers { after: (1 << 32) - 2, apart: 1 },
    Numbers { after: (1 << 32) - 40, apart: 1 },
    Numbers { after: 1 << 53, apart: 1 },
    Numbers { after: (1 << 63) - 2, apart: 1 },
    Numbers { after: 0, apart: 1_001 },
    Numbers { after: 0, apart: 1 << 33 },
];

/// A process has at most one trouble in each so many milliseconds.
const WINDOW: u64 = 2_000;

/// A trouble of one process, which has an end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trouble {
    Kill,
    Stop,
    Pause,
    KillAtCommit,
    FailDisk,
    FillDisk,
    KillAndLose,
    Restore,
}

const TROUBLES: [Trouble; 6] = [
    Trouble::Kill,
    Trouble::Stop,
    Trouble::Pause,
    Trouble::KillAtCommit,
    Trouble::FailDisk,
    Trouble::FillDisk,
];

/// Those after which a replica may have lost what it had acknowledged: little can be asked of such a run, so few
/// seeds have them.
const LOSSES: [Trouble; 2] = [Trouble::KillAndLose, Trouble::Restore];

/// The schedule of this seed, for replicas whose writes have these ways to each other.
pub fn schedule(seed: u64, ways: &[Ways]) -> Schedule {
    let mut rng = Rng::with_seed(seed);
    let replicas = FLEETS[rng.usize(..FLEETS.len())];
    let length = rng.u64(2..=4) * WINDOW;
    let ways = ways[rng.usize(..ways.len())];
    let mut limits = limits(&mut rng, ways);
    let mut maker = Maker { rng, replicas, length, steps: Vec::new(), latencies: Vec::new() };
    maker.latencies();
    maker.writes();
    maker.troubles(ways);
    maker.weather();
    maker.comings_and_goings(ways);
    maker.absence();
    // So that sessions are refused, and somebody has to come again.
    limits.sessions = (ways.sessions() && maker.rng.u64(..4) == 0).then_some(1);
    maker.double(ways);
    maker.deaths_between_polls();
    // In every other seed ids and counters are small, as in a fleet that somebody tries.
    let numbers = if maker.rng.bool() { Numbers::default() } else { OLD[maker.rng.usize(..OLD.len())] };
    let Maker { mut steps, latencies, length, .. } = maker;
    steps.sort_by_key(|step| step.at);
    Schedule { replicas, latencies, ways, limits, numbers, steps, length: Duration::from_millis(length) }
}

/// Streams alone never bring what the log has forgotten.
fn limits(rng: &mut Rng, ways: Ways) -> Limits {
    let logs = [None, None, Some(2), Some(8), Some(32)];
    let slices = [None, None, Some(2), Some(5)];
    Limits {
        log_changes: logs[rng.usize(..logs.len())].filter(|_| ways == Ways::Both),
        slice_keys: slices[rng.usize(..slices.len())].filter(|_| ways.sessions()),
        sessions: None,
    }
}

struct Maker {
    rng: Rng,
    replicas: u64,
    length: u64,
    steps: Vec<Step>,
    latencies: Vec<Latency>,
}

impl Maker {
    fn add(&mut self, millis: u64, action: Action) {
        self.steps.push(Step { at: Duration::from_millis(millis), action });
    }

    fn replica(&mut self) -> u64 {
        self.rng.u64(1..=self.replicas)
    }

    fn pair(&mut self) -> (u64, u64) {
        let from = self.replica();
        let to = (from + self.rng.u64(0..self.replicas - 1)) % self.replicas + 1;
        (from, to)
    }

    /// From a rack's to the other side of the world.
    fn latencies(&mut self) {
        let most = [1, 20, 60][self.rng.usize(..3)];
        for from in 1..=self.replicas {
            for to in (1..=self.replicas).filter(|to| *to != from) {
                let takes = Duration::from_millis(self.rng.u64(1..=most));
                self.latencies.push(Latency { from, to, takes });
            }
        }
    }

    /// Few keys, so that writes meet; in some seeds they move on, so that tombstones are collected meanwhile.
    fn writes(&mut self) {
        let (writes, keys) = (self.rng.usize(20..=160), self.rng.u64(2..=8));
        let all = if self.rng.bool() { keys } else { keys * 4 };
        let one_in = self.rng.u64(2..=6);
        let same = self.rng.u64(..4) == 0;
        let writing = self.length * 9 / 10;
        for number in 0..writes {
            let (at, replica) = (self.rng.u64(..writing), self.replica());
            let key = format!("key-{:02}", at * (all - keys + 1) / writing + self.rng.u64(..keys));
            let action = if self.rng.u64(..one_in) == 0 {
                Action::Delete { replica, key, number }
            } else {
                let value = if same { format!("w{}", number % 3) } else { format!("w{number}") };
                Action::Put { replica, key, value, number }
            };
            self.add(at, action);
        }
    }

    /// Each process has one now and then, and comes back before the next.
    fn troubles(&mut self, ways: Ways) {
        let mut kinds: Vec<Trouble> = TROUBLES.into_iter().filter(|_| self.rng.u64(..3) == 0).collect();
        // What was received and lost is in no log any more: only a session brings it back.
        if self.rng.u64(..6) == 0 && ways.sessions() {
            kinds.push(LOSSES[self.rng.usize(..LOSSES.len())]);
        }
        if kinds.is_empty() {
            return;
        }
        let often = self.rng.u64(2..=4);
        for replica in 1..=self.replicas {
            for window in 0..self.length / WINDOW {
                if self.rng.u64(..often) == 0 {
                    let kind = kinds[self.rng.usize(..kinds.len())];
                    self.trouble(kind, replica, window * WINDOW);
                }
            }
        }
    }

    fn trouble(&mut self, kind: Trouble, replica: u64, from: u64) {
        let at = from + self.rng.u64(100..WINDOW / 2);
        let back = at + self.rng.u64(50..WINDOW / 2 - 100);
        let commits = self.rng.u64(0..12);
        match kind {
            Trouble::Pause => {
                self.add(at, Action::Pause { replica });
                return self.add(back, Action::Continue { replica });
            }
            Trouble::Kill => self.add(at, Action::Kill { replica }),
            Trouble::Stop => self.add(at, Action::Stop { replica }),
            Trouble::KillAtCommit => self.add(at, Action::KillAtCommit { replica, commits: commits + 1 }),
            Trouble::FailDisk => self.add(at, Action::FailDisk { replica, commits }),
            Trouble::FillDisk => {
                self.add(at, Action::FillDisk { replica });
                self.add(back, Action::FreeDisk { replica });
            }
            Trouble::KillAndLose => {
                let commits = self.rng.usize(1..=LOSABLE);
                self.add(at, Action::KillAndLose { replica, commits });
            }
            Trouble::Restore => {
                let copied = self.rng.u64(..=at);
                self.add(copied, Action::Backup { replica });
                self.add(at, Action::Restore { replica });
            }
        }
        self.add(back, Action::Start { replica, clock: 0 });
    }

    /// In some seeds a process that is killed dies between any two polls of its tasks, not between two moments.
    fn deaths_between_polls(&mut self) {
        if self.rng.u64(..3) > 0 {
            return;
        }
        for Step { action, .. } in &mut self.steps {
            if let Action::Kill { replica } = *action {
                let most = POLLS[self.rng.usize(..POLLS.len())];
                *action = Action::KillAtPoll { replica, polls: self.rng.u64(1..=most) };
            }
        }
    }
}
