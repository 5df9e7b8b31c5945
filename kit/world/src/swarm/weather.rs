//! What happens to the network and to clocks.

use std::ops::Range;
use std::time::Duration;

use super::{Maker, WINDOW};
use crate::action::Action;

/// By how much a clock may jump, in seconds, forwards or back.
const JUMPS: [i64; 4] = [1, 60, 3_600, 86_400];

/// How fast a clock may run, in percent.
const SPEEDS: [u32; 4] = [0, 50, 100, 300];

/// For how many milliseconds a replica may be away: longer than a tombstone takes to be collected where nobody waits
/// for the one that is away.
const ABSENCE: Range<u64> = 5_000..8_000;

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

const WEATHER: [Weather; 7] = [
    Weather::Cut,
    Weather::CutBoth,
    Weather::Alone,
    Weather::Reset,
    Weather::Slow,
    Weather::Clock,
    Weather::Jump,
];

impl Maker {
    pub(super) fn weather(&mut self) {
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
    pub(super) fn absence(&mut self) {
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

    pub(super) fn cut(&mut self, at: u64, ways: &[(u64, u64)]) {
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
