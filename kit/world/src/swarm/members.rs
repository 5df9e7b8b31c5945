//! Who joins a fleet, and who leaves it.

use std::time::Duration;

use super::{Maker, WINDOW};
use crate::action::Action;
use crate::schedule::{Latency, Step, Ways};

impl Maker {
    /// In a few seeds somebody joins, or leaves for good. What was there before comes to a newcomer by sessions, and
    /// only they bring to all what one replica has of one that is gone.
    pub(super) fn comings_and_goings(&mut self, ways: Ways) {
        let (joins, leaves) = (self.rng.u64(..8) == 0, self.rng.u64(..8) == 0);
        if joins && ways.sessions() {
            self.newcomer();
        }
        if leaves && ways.sessions() && self.replicas > 2 {
            let at = self.rng.u64(WINDOW / 2..self.length * 8 / 10);
            let (replica, other) = self.pair();
            self.add(at, Action::Remove { replica, at: other });
        }
    }

    /// Some of the later writes are at it, and it may be killed while it joins.
    fn newcomer(&mut self) {
        let (replica, at) = (self.replicas + 1, self.rng.u64(WINDOW / 2..self.length * 7 / 10));
        for Step { at: then, action } in &mut self.steps {
            if let Action::Put { replica: of, .. } | Action::Delete { replica: of, .. } = action
                && then.as_millis() as u64 > at
                && self.rng.u64(..replica) == 0
            {
                *of = replica;
            }
        }
        for other in 1..replica {
            let takes = Duration::from_millis(self.rng.u64(1..=60));
            let ways = [(replica, other), (other, replica)];
            self.latencies.extend(ways.map(|(from, to)| Latency { from, to, takes }));
        }
        self.add(at, Action::Start { replica, clock: 0 });
        if self.rng.bool() {
            let commits = self.rng.u64(1..12);
            self.add(at, Action::KillAtCommit { replica, commits });
            let back = at + self.rng.u64(50..WINDOW / 2);
            self.add(back, Action::Start { replica, clock: 0 });
        }
    }
}
