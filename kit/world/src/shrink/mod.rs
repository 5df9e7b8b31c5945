//! The shortest schedule that breaks the same promise.
//!
//! Steps are left out by delta debugging (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing
//! Input", IEEE Transactions on Software Engineering 28(2), 2002, section 3); what is left is made [`simpler`].
//! No schedule is believed to break a promise before it was run.

mod minimize;
mod simpler;
mod trials;
mod units;

use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::schedule::Schedule;
use minimize::minimize;
use simpler::SIMPLER;
use trials::Trials;

/// How much may be spent on shrinking. When it is spent, the shortest schedule so far is the result.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// The most schedules that are run. Where only this bound is met, the result is the same every time.
    pub runs: usize,
    /// The longest that it may take: a run that breaks a promise may be a slow one.
    pub time: Duration,
    /// How many are run at a time. The result does not depend on it.
    pub cores: usize,
}

impl Default for Budget {
    fn default() -> Self {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Self { runs: 1_000, time: Duration::from_secs(120), cores }
    }
}

/// A schedule that was shrunk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shrunk {
    /// It breaks the promise: it was run.
    pub schedule: Schedule,
    /// How many schedules were run for it.
    pub runs: usize,
    /// Whether nothing more can be left out or made simpler; else the budget was spent before.
    pub is_minimal: bool,
}

/// Shrinks a schedule for as long as it breaks the promise, which `breaks` finds out by running it. `None` where
/// the schedule itself does not break it: then a run of it is not always the same.
pub fn shrink(
    schedule: &Schedule,
    budget: Budget,
    breaks: impl Fn(&Schedule) -> bool + Sync,
) -> Option<Shrunk> {
    let mut trials = Trials::new(budget, breaks);
    trials.first(std::slice::from_ref(schedule))?;
    let mut shortest = schedule.clone();
    loop {
        let before = shortest.clone();
        let units = minimize(units::split(&shortest.steps), |lists| {
            let shorter: Vec<Schedule> = lists.iter().map(|units| with_steps(&before, units)).collect();
            trials.first(&shorter)
        });
        shortest = with_steps(&before, &units);
        loop {
            let mut simpler = simpler(&shortest);
            let Some(place) = trials.first(&simpler) else { break };
            shortest = simpler.swap_remove(place);
        }
        // Simpler times and keys may have made steps superfluous.
        if shortest == before {
            let (runs, is_minimal) = (trials.runs(), !trials.is_spent());
            return Some(Shrunk { schedule: shortest, runs, is_minimal });
        }
    }
}

fn with_steps(schedule: &Schedule, units: &[units::Unit]) -> Schedule {
    Schedule { steps: units::join(units), ..schedule.clone() }
}

/// The schedules simpler than this one, the most promising first.
fn simpler(schedule: &Schedule) -> Vec<Schedule> {
    let all = SIMPLER.iter().flat_map(|simpler| simpler(schedule));
    all.filter(|simpler| simpler != schedule).collect()
}
