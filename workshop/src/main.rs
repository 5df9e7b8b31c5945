//! The command line behind `cargo workshop` and `just`.

mod build;
mod chapter;
mod check;
mod checks;
mod examine;
mod files;
mod id;
mod include;
mod own;
mod region;
mod runner;
mod saved;
mod starter;
mod state;
mod story;
mod sync;
mod term;
mod text_diff;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::id::Target;
use crate::workspace::Workspace;

/// What a command ends with: all is well, or an exercise is still open or wrong.
pub type Done = Result<bool>;

#[derive(Parser)]
#[command(
    name = "cargo workshop",
    bin_name = "cargo workshop",
    about = "Build a replicated store, step by step"
)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Action>,
}

#[derive(Subcommand)]
enum Action {
    /// Build and run the tests of a chapter or an exercise (01 or 1.2)
    Check {
        target: Option<Target>,
        /// Against the solution
        #[arg(long)]
        solution: bool,
        /// One JSON document on standard output
        #[arg(long)]
        json: bool,
    },
    /// Authors: make all that is generated, starters first
    Sync {
        /// Overwrite starters that hold somebody's own work
        #[arg(long)]
        force: bool,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    term::erase_cargo_lines();
    match run(arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: Arguments) -> Done {
    let workspace = Workspace::find()?;
    match arguments.command {
        None => Ok(true),
        Some(Action::Check { target, solution, json }) => check::check(&workspace, target, solution, json),
        Some(Action::Sync { force }) => sync::sync(&workspace, force).map(|()| true),
    }
}
