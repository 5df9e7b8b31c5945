//! A seed as a test of a chapter.

use std::time::Duration;

use crate::finding::Finding;
use crate::program::Program;
use crate::report::{Brief, Failure};
use crate::run::World;
use crate::shrink::Budget;

/// How long a shorter schedule is looked for: a test has five seconds, on a slow machine too.
const TIME: Duration = Duration::from_millis(1_500);

/// So many steps of a schedule somebody may want to read.
const SHORT: usize = 20;

/// Does to a fleet of this program what the seed says. The error is the story of what it broke; `called` is the command
/// that runs seeds, to go on with.
pub fn trial(program: impl Program, seed: u64, called: &str) -> Result<(), String> {
    let world = World::new(program);
    let schedule = world.schedule(seed);
    let mut run = world.run(seed, &schedule);
    let mut finding = Finding::new(seed, schedule, &run);
    let Some(first) = finding.broken.first().cloned() else { return Ok(()) };
    finding.look_for_the_shortest(&world, Budget { time: TIME, ..Budget::default() });
    let shrunk = finding.shortest.as_ref();
    if let Some(shrunk) = shrunk {
        run = world.run(seed, &shrunk.schedule);
    }
    let broken = run.broken().into_iter().find(|broken| broken.invariant == first.promise);
    let Some(broken) = broken else {
        return Err(format!("seed {seed} failed once, and passed when it was run again: {}", first.promise));
    };
    let schedule = shrunk.map_or(&finding.schedule, |shrunk| &shrunk.schedule);
    let steps = finding.schedule.steps.len();
    let again = [("The shortest schedule that breaks it:", format!("{called} --seed {seed}"))];
    let is_short = schedule.steps.len() <= SHORT;
    let failure = Failure { seed, broken: &broken, steps, shrunk, run: &run, schedule, again: &again };
    Err(if is_short { failure.to_string() } else { Brief(failure).to_string() })
}
