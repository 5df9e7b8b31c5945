//! `world`: a fleet in one process, and schedules that try to break it.

use std::process::Command;

use anyhow::{Context, Result, ensure};
use clap::Args;

use crate::build;
use crate::chapter::{Chapter, Side};
use crate::cluster::{CHAPTER, warn_of_open};
use crate::id::Target;
use crate::run::hand_over;
use crate::sieve;
use crate::workspace::Workspace;

#[derive(Args)]
pub struct Options {
    /// Run this many seeds, from 1
    #[arg(long, default_value_t = 100)]
    seeds: u64,
    /// Run this seed only, and show its schedule
    #[arg(long, conflicts_with = "seeds")]
    seed: Option<u64>,
    /// Fleets of the program after this chapter
    #[arg(long, value_name = "CHAPTER")]
    chapter: Option<Target>,
    /// With your own chapters, not the solutions
    #[arg(long)]
    mine: bool,
    /// Run each seed twice, and compare all that was seen and said
    #[arg(long)]
    twice: bool,
    /// Built to be fast, for more seeds than a few hundred
    #[arg(long)]
    fast: bool,
    /// A JSON document a line for each seed: what it broke, its schedule, and the shortest that does
    #[arg(long)]
    json: bool,
    /// Authors: which mutants the fleet finds by itself, all or those whose names contain one of these
    #[arg(long, value_name = "NAME", num_args = 0.., conflicts_with_all = ["seed", "chapter", "mine", "twice", "fast", "json"])]
    mutants: Option<Vec<String>>,
}

/// Builds the fleet's program, which then takes this process's place.
pub fn world(workspace: &Workspace, options: &Options) -> Result<bool> {
    if let Some(only) = &options.mutants {
        return sieve::mutants(workspace, CHAPTER, options.seeds, only);
    }
    let chapter = with_fleet(workspace, options.chapter.map_or(CHAPTER, Target::chapter))?;
    if options.mine {
        warn_of_open(workspace, chapter.number);
    }
    let side = if options.mine { Side::Starter } else { Side::Solution };
    let example = format!("{}-world", chapter.example(side));
    let profile = if options.fast { "world" } else { "dev" };
    let program = build::example(workspace, &chapter.package(side), &example, profile)?;
    let mut world = Command::new(&program);
    world.args(["--seeds", &options.seeds.to_string()]);
    world.args(options.seed.map(|seed| format!("--seed={seed}")));
    world.args(options.twice.then_some("--twice"));
    world.args(options.json.then_some("--json"));
    // Its files can be named wherever the command was given.
    world.arg("--findings").arg(workspace.notes().join("world"));
    let mine = if options.mine { " --mine" } else { "" };
    let of = if chapter.number == CHAPTER { String::new() } else { format!(" --chapter {}", chapter.code()) };
    world.arg(format!("--called=cargo workshop world{of}{mine}"));
    world.arg(format!("--page=cargo workshop demo{mine}"));
    let status = hand_over(&mut world).with_context(|| format!("cannot start {}", program.display()))?;
    std::process::exit(status.code().unwrap_or(2))
}

/// The chapter with this number; the error says which ones have replicas that send their writes to each other.
fn with_fleet(workspace: &Workspace, number: u8) -> Result<&Chapter> {
    let has_fleet = |chapter: &Chapter| chapter.dir(Side::Starter).join("world/main.rs").exists();
    let chapter = workspace.chapter(number)?;
    let such = workspace.chapters.iter().filter(|chapter| has_fleet(chapter));
    let such: Vec<String> = such.map(|chapter| format!("{} {}", chapter.code(), chapter.title)).collect();
    ensure!(
        has_fleet(chapter),
        "after chapter {} no replica sends its writes to another one, so there is nothing that a fleet could agree on; \
         there is after {}",
        chapter.code(),
        such.join(" and ")
    );
    Ok(chapter)
}
