//! `cluster`: three replicas as processes, and schedules that try to break them.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};

use crate::build;
use crate::chapter::Side;
use crate::run::hand_over;
use crate::state::{Known, State};
use crate::term;
use crate::workspace::Workspace;

/// The chapter whose replicas are to agree, whatever happens.
pub const CHAPTER: u8 = 6;

#[derive(Args)]
pub struct Options {
    /// Run this many seeds, from 1
    #[arg(long, default_value_t = 10)]
    seeds: u64,
    /// Run this seed only
    #[arg(long, conflicts_with = "seeds")]
    seed: Option<u64>,
    /// With your own chapters, not the solutions
    #[arg(long, global = true)]
    mine: bool,
    /// Keep data and logs of all seeds, not only of those that failed
    #[arg(long)]
    keep: bool,
    #[command(subcommand)]
    instead: Option<Instead>,
}

#[derive(Subcommand)]
enum Instead {
    /// Measure puts, lag and the bytes of anti-entropy; takes a few minutes
    Bench {
        /// Authors: write what was measured to slides/figures
        #[arg(long, conflicts_with = "mine")]
        figures: bool,
    },
    /// Measure puts, gets, a scan, memory and a start while one replica grows
    Grow {
        /// How many objects to put; 10000000 pass each default ten times
        #[arg(long, default_value_t = 250_000)]
        objects: u64,
    },
}

/// Says which exercises are not passed, if there are any: a layer that is not there yet makes a run break off, or
/// pass where another layer does its work.
pub fn warn_of_open(workspace: &Workspace, chapter: u8) {
    let open = open(workspace, chapter);
    if !open.is_empty() {
        term::warn(&format!(
            "open up to chapter {chapter:02}, as far as your last checks say: {}.\n\
             A run needs every layer that is in its schedule; what passes without one proves nothing of it.\n",
            open.join("; ")
        ));
    }
}

/// Builds the replica's program and the one that runs schedules, which then takes this process's place.
pub fn cluster(workspace: &Workspace, options: &Options) -> Result<bool> {
    let measured = options.instead.is_some();
    if options.mine && !measured {
        warn_of_open(workspace, CHAPTER);
    }
    let program = replica(workspace, options.mine, measured)?;
    let mut cargo = build::cargo(&workspace.root, &workspace.target());
    cargo.args(["run", "--quiet", "--package", "stage-cluster"]).args(release(measured));
    cargo.arg("--").arg("--program").arg(program);
    match options.instead {
        Some(Instead::Bench { figures }) => {
            cargo.arg("bench");
            if figures {
                cargo.arg("--figures").arg(workspace.root.join("slides/figures"));
            }
        }
        Some(Instead::Grow { objects }) => {
            cargo.args(["grow", "--objects", &objects.to_string()]);
        }
        None => {
            cargo.args(["--seeds", &options.seeds.to_string()]);
            cargo.args(options.seed.map(|seed| format!("--seed={seed}")));
            cargo.args(options.keep.then_some("--keep"));
            let mine = if options.mine { " --mine" } else { "" };
            cargo.arg(format!("--called=cargo workshop cluster{mine}"));
        }
    }
    let status = hand_over(&mut cargo).context("cannot start cargo")?;
    std::process::exit(status.code().unwrap_or(2))
}

/// The exercises that are not passed, up to the chapter whose replicas run.
pub fn open(workspace: &Workspace, last: u8) -> Vec<String> {
    let state = State::load(workspace);
    let chapters = workspace.chapters.iter().filter(|chapter| chapter.number <= last);
    let exercises = chapters.flat_map(|chapter| chapter.exercises.iter().map(move |each| (chapter, each)));
    let open = exercises.filter(|(chapter, each)| state.known(chapter, each.id) != Known::Passed);
    open.map(|(_, each)| format!("{} {}", each.id, each.title)).collect()
}

/// Builds the program of a replica, as deployed if `released`, and returns its path.
pub fn replica(workspace: &Workspace, mine: bool, released: bool) -> Result<PathBuf> {
    let chapter = workspace.chapter(CHAPTER)?;
    let side = if mine { Side::Starter } else { Side::Solution };
    let profile = if released { "release" } else { "dev" };
    build::example(workspace, &chapter.package(side), &chapter.example(side), profile)
}

/// Measurements use the deployed build.
fn release(released: bool) -> Option<&'static str> {
    released.then_some("--release")
}
