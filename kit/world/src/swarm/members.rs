//! Who joins a fleet, and who leaves it.

use std::time::Duration;

use super::{Maker, WINDOW};
use crate::action::Action;
use crate::schedule::{Latency, Step, Ways};

/// Doubles have numbers from here on.
const DOUBLES: u64 = 100;

impl Maker {
    /// In a few seeds somebody joins, or leaves for good. What was there before comes to a newcomer by sessions, and only
    /// they bring to all what one replica has of one that is gone.
    pub(super) fn comings_and_goings(&mut self, ways: Ways) {
        let [joins, leaves] = [8, 8].map(|seeds| self.rng.u64(..seeds) == 0);
        if joins && ways.sessions() {
            self.newcomer();
        }
        if leaves && ways.sessions() && self.replicas > 2 {
            let at = self.rng.u64(WINDOW / 2..self.length * 8 / 10);
            let (replica, other) = self.pair();
            self.add(at, Action::Remove { replica, at: other });
        }
    }

    /// It may be killed while it joins.
    fn newcomer(&mut self) {
        let (replica, at) = (self.replicas + 1, self.late());
        self.add(at, Action::Start { replica, clock: 0 });
        self.settle(replica, at);
        if self.rng.bool() {
            let commits = self.rng.u64(1..12);
            self.add(at, Action::KillAtCommit { replica, commits });
            let back = at + self.rng.u64(50..WINDOW / 2);
            self.add(back, Action::Start { replica, clock: 0 });
        }
    }

    /// In a few seeds somebody is there twice. The second may not reach the others at first, or only not the first.
    pub(super) fn double(&mut self, ways: Ways) {
        if self.rng.u64(..12) > 0 || !ways.sessions() {
            return;
        }
        let (replica, at) = (self.replica(), self.late());
        let (double, copied) = (DOUBLES + replica, self.rng.u64(..4) > 0);
        let alone = self.rng.u64(..3);
        if alone > 0 {
            let cut: Vec<u64> = (1..=self.replicas).filter(|other| alone == 1 || *other == replica).collect();
            let ways: Vec<_> = cut.into_iter().flat_map(|other| [(double, other), (other, double)]).collect();
            self.cut(at, &ways);
        }
        self.add(at, Action::Double { replica, double, copied });
        self.settle(double, at);
    }

    /// Late enough that there is something, and early enough that something follows.
    fn late(&mut self) -> u64 {
        self.rng.u64(WINDOW / 2..self.length * 7 / 10)
    }

    /// Its way to the others is as long as theirs, and some of the writes after `at` are there.
    fn settle(&mut self, newcomer: u64, at: u64) {
        for other in 1..=self.replicas {
            let takes = Duration::from_millis(self.rng.u64(1..=60));
            let ways = [(newcomer, other), (other, newcomer)];
            self.latencies.extend(ways.map(|(from, to)| Latency { from, to, takes }));
        }
        for Step { at: then, action } in &mut self.steps {
            if let Action::Put { replica, .. } | Action::Delete { replica, .. } = action
                && then.as_millis() as u64 > at
                && self.rng.u64(..=self.replicas) == 0
            {
                *replica = newcomer;
            }
        }
    }
}
