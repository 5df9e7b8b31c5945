//! Runs many seeds on all cores; `cargo workshop world` starts it.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use clap::Parser;

use crate::coverage::Coverage;
use crate::finding::Finding;
use crate::program::Program;
use crate::report::Failure;
use crate::run::{Run, World};
use crate::schedule::Schedule;
use crate::shrink::Budget;

/// How often it is told how far the seeds are.
const PROGRESS: Duration = Duration::from_secs(2);

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
    /// One JSON document a line for each seed: what it broke, its schedule, and the shortest one
    #[arg(long)]
    json: bool,
    /// Stop at the first seed that fails, and look for no shorter schedule
    #[arg(long, hide = true)]
    sieve: bool,
    /// Where to write what the live page can play
    #[arg(long, value_name = "DIRECTORY")]
    findings: Option<PathBuf>,
    /// The command that this program was started with, for people who want to run a seed again
    #[arg(long, default_value = "cargo workshop world")]
    called: String,
    /// The command that shows the live page
    #[arg(long, default_value = "cargo workshop demo")]
    page: String,
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
            "warning: this was built without --cfg tokio_unstable: RUSTFLAGS, or a [target] table of your own, took the \
             place of what .cargo/config.toml sets. A seed that fails may pass the next time; add the flag there, too"
        );
    }
    match run(&arguments, &world) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("error: cannot write what was found: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments, world: &Arc<World>) -> io::Result<bool> {
    let (began, mut seeds, mut failed) = (Instant::now(), 0_u64, Vec::new());
    let out = &mut io::stdout().lock();
    let mut coverage = Coverage::default();
    let mut told_at = began;
    for done in all(arguments, world) {
        seeds += 1;
        if let Some(open) = done.run.heard.open().filter(|_| !arguments.json) {
            writeln!(
                out,
                "Seed {} comes to an exercise that is still open, so it says nothing of the others: {open}",
                done.seed
            )?;
            return Ok(false);
        }
        coverage.add(&done.schedule, &done.run);
        if told_at.elapsed() > PROGRESS && arguments.seed.is_none() {
            told_at = Instant::now();
            let each_second = seeds as f64 / began.elapsed().as_secs_f64();
            eprintln!(
                "{seeds} of {} seeds, {each_second:.1} a second, {} failed",
                arguments.seeds,
                failed.len()
            );
        }
        let mut finding = Finding::new(done.seed, done.schedule.clone(), &done.run);
        // One is enough to go on with.
        if failed.is_empty() && !arguments.sieve && !finding.broken.is_empty() {
            let budget = Budget::default();
            let (seed, most) = (done.seed, budget.time.as_secs());
            eprintln!(
                "Seed {seed} failed. Looking for the shortest schedule that does, for {most} seconds at most ..."
            );
            finding.look_for_the_shortest(world, budget);
        }
        if !done.same {
            eprintln!("Seed {} is another one in its second run: it can't be replayed.", done.seed);
        }
        if arguments.json {
            writeln!(out, "{}", serde_json::to_string(&finding)?)?;
        } else if !finding.broken.is_empty() {
            let text = if failed.is_empty() {
                told(arguments, world, &finding, &done.run)?
            } else {
                briefly(&finding)
            };
            writeln!(out, "{text}")?;
        } else if arguments.seed.is_some() {
            writeln!(
                out,
                "{}\n\n{:?} in the fleet's time, {:?} of yours, {} messages",
                done.schedule, done.run.lasted, done.took, finding.figures.messages
            )?;
        }
        if !finding.broken.is_empty() || !done.same {
            failed.push(done.seed);
        }
    }
    if !arguments.json {
        let seconds = began.elapsed().as_secs_f64();
        writeln!(
            out,
            "{coverage}\n\n{seeds} seeds in {seconds:.1} s, {:.1} a second",
            seeds as f64 / seconds
        )?;
        failed.sort_unstable();
        let all: Vec<String> = failed.iter().map(u64::to_string).collect();
        match all.as_slice() {
            [] => writeln!(out, "{seeds} passed")?,
            all => writeln!(
                out,
                "{} passed, {} failed: {}",
                seeds - all.len() as u64,
                all.len(),
                all.join(", ")
            )?,
        }
    }
    Ok(failed.is_empty())
}

/// The whole story of a seed that failed.
fn told(arguments: &Arguments, world: &World, finding: &Finding, run: &Run) -> io::Result<String> {
    let shrunk = finding.shortest.as_ref();
    let schedule = shrunk.map_or(&finding.schedule, |shrunk| &shrunk.schedule);
    let rerun = shrunk.map(|shrunk| world.run(finding.seed, &shrunk.schedule));
    let run = rerun.as_ref().unwrap_or(run);
    let broken = run.broken().into_iter().find(|broken| finding.broken[0].promise == broken.invariant);
    let Some(broken) = broken else { return Ok(briefly(finding)) };
    let mut again = vec![("To see it again:", format!("{} --seed {}", arguments.called, finding.seed))];
    if let Some(directory) = &arguments.findings {
        fs::create_dir_all(directory)?;
        let file = directory.join(format!("seed-{}.json", finding.seed));
        fs::write(&file, serde_json::to_string_pretty(finding)? + "\n")?;
        again.push(("To play it on a page:", format!("{} --replay {}", arguments.page, file.display())));
    }
    let steps = finding.schedule.steps.len();
    Ok(Failure { seed: finding.seed, broken: &broken, steps, shrunk, run, schedule, again: &again }
        .to_string())
}

fn briefly(finding: &Finding) -> String {
    let promises = finding.broken.iter().map(|broken| broken.promise.as_str()).collect::<Vec<_>>();
    format!("seed {} failed, too. What it breaks: {}.", finding.seed, promises.join("; "))
}

/// Runs the seeds, as many at a time as there are cores.
fn all(arguments: &Arguments, world: &Arc<World>) -> mpsc::IntoIter<Done> {
    let (first, last) = arguments.seed.map_or((1, arguments.seeds), |seed| (seed, seed));
    let (next, twice, sieve) = (Arc::new(AtomicU64::new(first)), arguments.twice, arguments.sieve);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    // All that was seen in a run may be megabytes, and who takes them looks for the shortest schedule meanwhile.
    let (sender, done) = mpsc::sync_channel(cores);
    for _ in 0..cores {
        let (next, sender, world) = (next.clone(), sender.clone(), world.clone());
        thread::spawn(move || {
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                // Nobody listens any more where the command ends.
                if seed > last {
                    break;
                }
                let done = one(&world, seed, twice);
                if sieve && !done.run.broken().is_empty() {
                    // Those before it have begun, and come to their end.
                    next.store(last + 1, Ordering::Relaxed);
                }
                if sender.send(done).is_err() {
                    break;
                }
            }
        });
    }
    done.into_iter()
}

fn one(world: &World, seed: u64, twice: bool) -> Done {
    let (schedule, began) = (world.schedule(seed), Instant::now());
    let run = world.run(seed, &schedule);
    let same = !twice || world.run(seed, &schedule) == run;
    Done { seed, schedule, run, same, took: began.elapsed() }
}
