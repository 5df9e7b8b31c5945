//! From a seed to a schedule. Each seed turns on a part of the faults, by chance: where all happen at once, one
//! hides another (Groce et al., "Swarm Testing", 2012).

mod members;

use std::ops::Range;
use std::time::Duration;

use fastrand::Rng;

use crate::action::Action;
use crate::fleet::LOSABLE;
use crate::schedule::{Latency, Limits, Schedule, Step, Ways};

/// The numbers of replicas that a seed may choose from: mostly three.
const FLEETS: [u64; 16] = [3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 2, 2, 4, 4, 5, 7];

/// By how much a clock may jump, in seconds, forwards or back.
const JUMPS: [i64; 4] = [1, 60, 3_600, 86_400];

/// How fast a clock may run, in percent.
const SPEEDS: [u32; 4] = [0, 50, 100, 300];

/// After how many polls a process may die: an idle one has a hundred or so in a second.
const POLLS: [u64; 3] = [10, 100, 1_000];

/// A process has at most one trouble in each so many milliseconds.
const WINDOW: u64 = 2_000;

/// For how many milliseconds a replica may be away: longer than a tombstone takes to be collected where nobody waits
/// for the one that is away.
const ABSENCE: Range<u64> = 5_000..8_000;

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

/// A trouble of the network or of a clock.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weather {
    Cut,
    CutBoth,
    Alone,
    Reset,
    Slow,
    Clock,
    Jump,
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

const WEATHER: [Weather; 7] = [
    Weather::Cut,
    Weather::CutBoth,
    Weather::Alone,
    Weather::Reset,
    Weather::Slow,
    Weather::Clock,
    Weather::Jump,
];

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
    let Maker { mut steps, latencies, length, .. } = maker;
    steps.sort_by_key(|step| step.at);
    Schedule { replicas, latencies, ways, limits, steps, length: Duration::from_millis(length) }
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

    fn weather(&mut self) {
        for kind in WEATHER {
            if self.rng.bool() {
                for _ in 0..self.rng.u64(1..=3) {
                    self.weather_of(kind);
                }
            }
        }
    }

    fn weather_of(&mut self, kind: Weather) {
        let at = self.rng.u64(..self.length * 8 / 10);
        let replica = self.replica();
        let (from, to) = self.pair();
        match kind {
            Weather::Cut => self.cut(at, &[(from, to)]),
            Weather::CutBoth => self.cut(at, &[(from, to), (to, from)]),
            Weather::Alone => self.cut(at, &self.ways_of(replica)),
            Weather::Reset => self.add(at, Action::Reset { a: from, b: to }),
            Weather::Slow => {
                let takes = Duration::from_millis(self.rng.u64(0..=250));
                self.add(at, Action::Slow { from, to, takes });
            }
            Weather::Clock => {
                let percent = SPEEDS[self.rng.usize(..SPEEDS.len())];
                self.add(at, Action::Clock { replica, jump: 0, percent });
            }
            Weather::Jump => {
                let jump = JUMPS[self.rng.usize(..JUMPS.len())] * if self.rng.bool() { 1 } else { -1 };
                self.add(at, Action::Clock { replica, jump, percent: 100 });
            }
        }
    }

    /// In a few seeds one replica is away, and hears nothing of what the others write and delete meanwhile.
    fn absence(&mut self) {
        if self.rng.u64(..8) > 0 {
            return;
        }
        let (replica, from) = (self.replica(), self.rng.u64(..WINDOW));
        let back = from + self.rng.u64(ABSENCE);
        if self.rng.bool() {
            self.add(from, Action::Kill { replica });
            self.add(back, Action::Start { replica, clock: 0 });
        } else {
            self.cut_until(from, back, &self.ways_of(replica));
        }
        self.length = self.length.max(back + WINDOW / 4);
    }

    /// All ways from a replica and to it.
    fn ways_of(&self, replica: u64) -> Vec<(u64, u64)> {
        let others = (1..=self.replicas).filter(|other| *other != replica);
        others.flat_map(|other| [(replica, other), (other, replica)]).collect()
    }

    fn cut(&mut self, at: u64, ways: &[(u64, u64)]) {
        let healed = at + self.rng.u64(50..2_000);
        self.cut_until(at, healed, ways);
    }

    fn cut_until(&mut self, at: u64, healed: u64, ways: &[(u64, u64)]) {
        for &(from, to) in ways {
            self.add(at, Action::Cut { from, to });
            // What is still cut at the end is healed then.
            self.add(healed, Action::Heal { from, to });
        }
    }
}
