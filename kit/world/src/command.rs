//! Runs many seeds on all cores; `cargo workshop world` starts it.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use clap::Parser;

use crate::program::Program;
use crate::promises::{Violation, judge};
use crate::run::{Run, World};
use crate::schedule::Schedule;
use crate::swarm;

#[derive(Parser)]
#[command(about = "A fleet in one process, and schedules that try to break it")]
struct Arguments {
    /// How many seeds to run, from 1
    #[arg(long, default_value_t = 100)]
    seeds: u64,
    /// Only this seed
    #[arg(long)]
    seed: Option<u64>,
    /// Run each seed twice, and compare all that was seen and said
    #[arg(long)]
    twice: bool,
    /// The command that this program was started with, for people who want to run a seed again
    #[arg(long, default_value = "cargo workshop world")]
    called: String,
}

/// What became of a seed.
struct Done {
    seed: u64,
    schedule: Schedule,
    run: Run,
    /// Whether a second run was the same.
    same: bool,
    took: Duration,
}

/// Runs seeds with this program, as the command line says.
pub fn main(program: impl Program) -> ExitCode {
    let arguments = Arguments::parse();
    let world = Arc::new(World::new(program));
    if !cfg!(tokio_unstable) {
        eprintln!(
            "warning: this was built without --cfg tokio_unstable, which .cargo/config.toml sets and RUSTFLAGS takes \
             away: a seed that fails may pass the next time"
        );
    }
    let began = Instant::now();
    let (mut passed, mut failed) = (0, Vec::new());
    for done in all(&arguments, &world) {
        if arguments.seed.is_some() {
            println!("{}\n", done.schedule);
        }
        match failure(&done) {
            None => passed += 1,
            Some(text) => {
                println!(
                    "seed {} failed\n{text}\nTo see it again: {} --seed {}\n",
                    done.seed, arguments.called, done.seed
                );
                failed.push(done.seed.to_string());
            }
        }
        if arguments.seed.is_some() {
            println!(
                "{:?} in the fleet's time, {:?} of yours, {} messages",
                done.run.lasted,
                done.took,
                done.run.heard.messages.len()
            );
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    let seeds = passed + failed.len();
    println!("{seeds} seeds in {seconds:.1} s, {:.1} a second", seeds as f64 / seconds);
    match failed.as_slice() {
        [] => println!("{passed} passed"),
        failed => println!("{passed} passed, {} failed: {}", failed.len(), failed.join(", ")),
    }
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

/// Runs the seeds, as many at a time as there are cores.
fn all(arguments: &Arguments, world: &Arc<World>) -> mpsc::IntoIter<Done> {
    let (first, last) = arguments.seed.map_or((1, arguments.seeds), |seed| (seed, seed));
    let (next, twice) = (Arc::new(AtomicU64::new(first)), arguments.twice);
    let (sender, done) = mpsc::channel();
    for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
        let (next, sender, world) = (next.clone(), sender.clone(), world.clone());
        thread::spawn(move || {
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                // Nobody listens any more where the command ends.
                if seed > last || sender.send(one(&world, seed, twice)).is_err() {
                    break;
                }
            }
        });
    }
    done.into_iter()
}

fn one(world: &World, seed: u64, twice: bool) -> Done {
    let (schedule, began) = (swarm::schedule(seed), Instant::now());
    let run = world.run(seed, &schedule);
    let same = !twice || world.run(seed, &schedule) == run;
    Done { seed, schedule, run, same, took: began.elapsed() }
}

fn failure(done: &Done) -> Option<String> {
    let mut text = String::new();
    match &done.run.ended {
        Err(reason) => text += &format!("  {reason}\n"),
        Ok(facts) => {
            for Violation { invariant, meaning, facts } in judge(facts) {
                text += &format!("This does not hold: {invariant}.\n{meaning}\n");
                for fact in facts.iter().take(6) {
                    text += &format!("  {fact}\n");
                }
            }
        }
    }
    if !done.same {
        text += "A second run was another one.\n";
    }
    (!text.is_empty()).then_some(text)
}
