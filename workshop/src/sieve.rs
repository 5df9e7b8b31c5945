//! `world --mutants`: which plausible wrong answers the simulated fleet finds by itself, and which it misses.

mod fleet;
mod table;

use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};

use crate::chapter::Chapter;
use crate::files;
use crate::mutant::{self, Mutant};
use crate::proofs::Proof;
use crate::scratch;
use crate::starter::generate;
use crate::term::Progress;
use crate::workspace::Workspace;
use fleet::{Fate, Fleet, run};
use table::Table;

/// The first chapter whose wrong answers replicas of the last one meet.
const FIRST: u8 = 4;

/// The table, from the root.
const TABLE: &str = "kit/world/MUTANTS.md";

/// Builds each mutant whose name contains one of `only`, or all if there is none, into a copy of the fleet, and
/// runs seeds until one fails. While the seeds of one run, the next is built. What came of each is in the table at
/// once, so that nothing is lost when the command is broken off.
///
/// # Errors
/// If a mutant cannot be built, or the solutions themselves break a promise in these seeds.
pub fn mutants(workspace: &Workspace, chapter: u8, seeds: u64, only: &[String]) -> Result<bool> {
    let scratch = scratch::copy(workspace)?;
    for below in scratch.chapters.iter().filter(|below| below.number <= chapter) {
        Proof { scratch: &scratch, chapter: below }.solve()?;
    }
    let all = all(&scratch, chapter)?;
    let is_wanted = |name: &str| only.is_empty() || only.iter().any(|only| name.contains(only));
    let wanted: Vec<_> = all.iter().filter(|(name, ..)| is_wanted(name)).collect();
    ensure!(!wanted.is_empty(), "there is no such mutant in chapters {FIRST:02} to {chapter:02}");

    let fleet = Fleet { scratch: &scratch, chapter: scratch.chapter(chapter)? };
    ensure!(
        run(&fleet.build()?, seeds)? == Fate::Missed,
        "the solutions break a promise themselves: look at them first, with cargo workshop world --seeds {seeds}"
    );
    let path = workspace.root.join(TABLE);
    let mut table = Table::parse(&files::read_if_there(&path)?.unwrap_or_default());
    table.list(all.iter().map(|(name, ..)| name.as_str()));
    let mut note = |name: &str, fate: Fate| {
        println!("{name:<60} {fate}");
        table.note(name, fate, seeds);
        files::write_if_changed(&path, &table.to_string())
    };
    let mut progress = Progress::after(Duration::ZERO);
    thread::scope(|scope| {
        let mut running = None;
        let mut filled: Option<&Chapter> = None;
        for (name, of, mutant) in wanted {
            progress.show(name);
            if let Some(before) = filled.replace(of).filter(|before| before.number != of.number) {
                Proof { scratch: &scratch, chapter: before }.solve()?;
            }
            scratch::fill(of, &generate(of, mutant.form(of))?)?;
            let program = fleet.build().with_context(|| format!("mutant {name}"))?;
            let run = scope.spawn(move || run(&program, seeds));
            if let Some((name, run)) = running.replace((name, run)) {
                progress.clear();
                note(name, ended(run)?)?;
            }
        }
        let Some((name, run)) = running else { return Ok(()) };
        note(name, ended(run)?).map(drop)
    })?;
    progress.clear();
    println!("{}", table.share());
    Ok(true)
}

fn ended(run: thread::ScopedJoinHandle<'_, Result<Fate>>) -> Result<Fate> {
    run.join().map_err(|_| anyhow!("nobody could hear what a fleet said"))?
}

/// All mutants that replicas of this chapter can meet, each with the name that it has in the table.
fn all(workspace: &Workspace, chapter: u8) -> Result<Vec<(String, &Chapter, Mutant)>> {
    let mut all = Vec::new();
    for of in workspace.chapters.iter().filter(|of| (FIRST..=chapter).contains(&of.number)) {
        for mutant in mutant::all(of)? {
            all.push((format!("{} {}", of.code(), mutant.name.trim_end_matches(".rs")), of, mutant));
        }
    }
    Ok(all)
}
