//! What a replica's wall clock shows, which need not be the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What all clocks show when a fleet begins: a day must not go back beyond 1970.
const BEGIN: i64 = 1_000_000_000;

/// The wall clock of one replica.
pub struct WallClock {
    /// In milliseconds since 1970.
    shown: Arc<AtomicU64>,
    /// When it was set, and to what.
    set: (Duration, i64),
    percent: u32,
}

impl WallClock {
    pub fn new(now: Duration) -> Self {
        let clock = Self { shown: Arc::default(), set: (now, BEGIN), percent: 100 };
        clock.show(now);
        clock
    }

    /// What shows it to a program.
    pub fn shown(&self) -> Arc<AtomicU64> {
        self.shown.clone()
    }

    /// It jumps by so many seconds, and runs at so many percent from now on.
    pub fn set(&mut self, now: Duration, jump: i64, percent: u32) {
        self.set = (now, self.at(now) + jump * 1000);
        self.percent = percent;
        self.show(now);
    }

    pub fn show(&self, now: Duration) {
        self.shown.store(self.at(now).max(0) as u64, Ordering::Relaxed);
    }

    fn at(&self, now: Duration) -> i64 {
        let (since, begin) = self.set;
        begin + (now - since).as_millis() as i64 * i64::from(self.percent) / 100
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_jumps_runs_fast_and_stands_still() {
        let seconds = Duration::from_secs;
        let mut clock = WallClock::new(seconds(1));
        let shows = |clock: &WallClock, now| {
            clock.show(seconds(now));
            clock.shown.load(Ordering::Relaxed) as i64 - BEGIN
        };
        assert_eq!(shows(&clock, 3), 2_000);
        clock.set(seconds(3), -60, 200);
        assert_eq!(shows(&clock, 4), -56_000);
        clock.set(seconds(4), 0, 0);
        assert_eq!(shows(&clock, 9), -56_000);
    }
}
