//! What came of a seed, as it is written down: one JSON document, which the live page can play.

use serde::{Deserialize, Serialize};

use crate::facts::Facts;
use crate::promises::Violation;
use crate::run::{Run, World};
use crate::schedule::Schedule;
use crate::shrink::{Budget, Shrunk, shrink};

/// What came of a seed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The seed.
    pub seed: u64,
    /// What it broke; nothing where it passed.
    pub broken: Vec<Broken>,
    /// What was done to the fleet.
    pub schedule: Schedule,
    /// The shortest schedule that breaks the first of these promises, where one was looked for.
    pub shortest: Option<Shrunk>,
    /// What was counted in the run of the whole schedule.
    pub figures: Figures,
}

/// A promise that was broken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Broken {
    /// The invariant in words.
    pub promise: String,
    /// The facts that break it, a line each.
    pub facts: Vec<String>,
}

/// What was counted in a run. It is the same in each run of the seed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Writes and deletes that clients sent.
    pub writes: usize,
    /// Those that were acknowledged.
    pub acknowledged: usize,
    /// Messages between replicas that were sent.
    pub messages: usize,
    /// How long the replicas took to agree after the last fault, in milliseconds of virtual time; none where they
    /// did not.
    pub agreed_after: Option<u64>,
}

impl Finding {
    /// What came of a run of this schedule.
    pub fn new(seed: u64, schedule: Schedule, run: &Run) -> Self {
        let broken = run
            .broken()
            .into_iter()
            .map(|Violation { invariant, facts, .. }| Broken { promise: invariant.to_owned(), facts });
        Self { seed, broken: broken.collect(), schedule, shortest: None, figures: Figures::of(run) }
    }

    /// Looks for the shortest schedule that breaks the first of the promises.
    pub fn look_for_the_shortest(&mut self, world: &World, budget: Budget) {
        let Some(Broken { promise, .. }) = self.broken.first() else { return };
        self.shortest = shrink(&self.schedule, budget, |shorter| {
            world.run(self.seed, shorter).broken().iter().any(|broken| broken.invariant == promise)
        });
    }
}

impl Figures {
    fn of(run: &Run) -> Self {
        let messages = run.heard.messages.iter().filter(|told| told.what == "sent").count();
        let Ok(Facts { writes, convergence, .. }) = &run.ended else {
            return Self { messages, ..Self::default() };
        };
        Self {
            writes: writes.len(),
            acknowledged: writes.iter().filter(|write| write.version().is_some()).count(),
            messages,
            agreed_after: convergence.and_then(|it| it.took).map(|took| took.as_millis() as u64),
        }
    }
}
