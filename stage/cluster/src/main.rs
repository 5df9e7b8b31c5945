//! Runs schedules against real replicas; `cargo workshop cluster` starts it.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use clap::{Parser, Subcommand};
use cluster::{Report, make};
use tempfile::TempDir;

#[derive(Parser)]
#[command(about = "Three replicas as processes, and schedules that try to break them")]
struct Arguments {
    /// The program of a replica
    #[arg(long)]
    program: PathBuf,
    /// How many seeds to run, from 1
    #[arg(long, default_value_t = 10)]
    seeds: u64,
    /// Only this seed
    #[arg(long)]
    seed: Option<u64>,
    /// Keep data and logs of runs that passed, too
    #[arg(long)]
    keep: bool,
    /// The command that this program was started with, for people who want to run a seed again
    #[arg(long, default_value = "cargo workshop cluster")]
    called: String,
    #[command(subcommand)]
    instead: Option<Instead>,
}

#[derive(Subcommand)]
enum Instead {
    /// Measure what replication costs
    Bench {
        /// Write figures for the slides to this folder
        #[arg(long)]
        figures: Option<PathBuf>,
    },
    /// Measure puts, gets, a scan, memory and a start while one replica grows
    Grow {
        /// How many objects to put
        #[arg(long)]
        objects: u64,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // Told to end, this ends by dropping what runs: no replica is left behind.
    let ended = tokio::select! {
        ended = run(arguments) => ended,
        told = cluster::told_to_end() => told.map(|()| false),
    };
    match ended {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

async fn run(arguments: Arguments) -> Result<bool> {
    ensure!(cfg!(unix), "replicas are stopped and held by signals, which only Unix has");
    let program = arguments.program.canonicalize();
    let program = program.with_context(|| format!("there is no {}", arguments.program.display()))?;
    match arguments.instead {
        Some(Instead::Bench { figures }) => {
            return cluster::bench(&program, figures.as_deref()).await.map(|()| true);
        }
        Some(Instead::Grow { objects }) => return cluster::grow(&program, objects).await.map(|()| true),
        None => {}
    }
    let seeds = arguments.seed.map_or(1..=arguments.seeds, |seed| seed..=seed);
    let (mut passed, mut failed) = (0, Vec::new());
    for seed in seeds {
        // A system may have a link to where its temporary files are, and tell paths without it.
        let parent = std::env::temp_dir().canonicalize()?;
        let mut directory = TempDir::with_prefix_in(format!("atoll-seed-{seed}-"), parent)?;
        let (schedule, began) = (make::schedule(seed), Instant::now());
        let ended = cluster::run(&schedule, &program, directory.path()).await;
        let report = Report::new(seed, schedule, ended, began.elapsed());
        println!("{report}");
        directory.disable_cleanup(arguments.keep || !report.passed());
        if !report.passed() {
            let replay = format!("{} --seed {seed}", arguments.called);
            println!("\n{}", report.failure(directory.path(), &replay)?);
            failed.push(seed.to_string());
            if report.broke_off() {
                break;
            }
            continue;
        }
        passed += 1;
        if arguments.keep {
            println!("           data and logs: {}", directory.path().display());
        }
    }
    match failed.as_slice() {
        [] => println!("{passed} passed: the replicas hold the same, and nothing is lost, back or left over"),
        failed => println!("{passed} passed, {} failed: {}", failed.len(), failed.join(", ")),
    }
    Ok(failed.is_empty())
}
