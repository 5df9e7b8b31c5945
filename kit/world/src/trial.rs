//! A seed as a test of a chapter.

use std::time::{Duration, Instant};

use crate::finding::Finding;
use crate::program::Program;
use crate::report::{Brief, Failure};
use crate::run::World;
use crate::shrink::Budget;

/// When the story is to be told: a test has five seconds.
const TIME: Duration = Duration::from_millis(3_500);

/// So many runs as long as the first are needed besides those of shorter schedules, or may be under way when the time
/// is over.
const RUNS: u32 = 4;

/// So many steps of a schedule somebody may want to read.
const SHORT: usize = 20;

/// Does to a fleet of this program what the seed says. The error is the story of what it broke; `called` is the command
/// that runs seeds, to go on with.
pub fn trial(program: impl Program, seed: u64, called: &str) -> Result<(), String> {
    let (world, began) = (World::new(program), Instant::now());
    let schedule = world.schedule(seed);
    let mut run = world.run(seed, &schedule);
    let mut finding = Finding::new(seed, schedule, &run);
    let Some(first) = finding.broken.first().cloned() else { return Ok(()) };
    // On a slow machine the promise alone is told, and in time.
    let time = TIME.saturating_sub(began.elapsed() * RUNS);
    if !time.is_zero() {
        finding.look_for_the_shortest(&world, Budget { time, ..Budget::default() });
    }
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
    let is_short = schedule.steps.len() <= SHORT;
    let what = if is_short { "To see it again:" } else { "The shortest schedule that breaks it:" };
    let again = [(what, format!("{called} --seed {seed}"))];
    let failure = Failure { seed, broken: &broken, steps, shrunk, run: &run, schedule, again: &again };
    Err(if is_short { failure.to_string() } else { Brief(failure).to_string() })
}
