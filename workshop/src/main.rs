//! The command line behind `cargo workshop` and `just`.

// First: its `print!` and `println!` are for all.
#[macro_use]
mod term;

mod assertion;
mod book;
mod build;
mod chapter;
mod check;
mod checks;
mod cluster;
mod complete;
mod demo;
mod diagnostic;
mod doctor;
mod examine;
mod files;
mod fill;
mod fresh;
mod git;
mod guide;
mod heard;
mod id;
mod include;
mod keys;
mod marks;
mod mutant;
mod own;
mod proofs;
mod region;
mod run;
mod runner;
mod saved;
mod scratch;
mod sieve;
mod slides;
mod starter;
mod state;
mod story;
mod sync;
mod target;
mod text_diff;
mod timetable;
mod verify;
mod watch;
mod workspace;
mod world;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::id::{Id, Target};
use crate::term::Paint;
use crate::workspace::Workspace;

/// How a command ends: true if all is well, false if an exercise is still open or wrong.
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
    /// Prepare this machine, then show the map and the first exercise
    Start,
    /// Look at the tools, the disk, the dependencies and the build
    Doctor {
        /// Download everything that an offline build needs
        #[arg(long)]
        fetch: bool,
    },
    /// List all chapters and exercises, with their state
    List {
        /// One JSON document on standard output
        #[arg(long)]
        json: bool,
    },
    /// Build and run the tests of a chapter (01) or an exercise (1.2)
    Check {
        target: Option<Target>,
        /// Against the solution
        #[arg(long)]
        solution: bool,
        /// One JSON document on standard output
        #[arg(long)]
        json: bool,
    },
    /// Check at every save
    Watch { target: Option<Target> },
    /// Run the program of a chapter, to try it by hand
    // --help is passed on too: the program has its own.
    #[command(disable_help_flag = true)]
    Run {
        /// Run the solution's
        #[arg(long)]
        solution: bool,
        chapter: Target,
        /// Arguments for the program; see its --help
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Show the next exercise, where it is, and where to read about it
    Next,
    /// Show the next hint for an exercise
    Hint { exercise: Option<Id> },
    /// Show your code for an exercise or a chapter beside the solution
    Diff {
        target: Option<Target>,
        /// Do not ask before showing the solution of what has not passed
        #[arg(long)]
        yes: bool,
    },
    /// Fill in the solutions of exercises or whole chapters
    Solve {
        #[arg(required = true)]
        targets: Vec<Target>,
        /// Do not ask before filling in a whole chapter
        #[arg(long)]
        yes: bool,
    },
    /// Restore the starter of an exercise or a whole chapter
    Reset { target: Target },
    /// Fill in the solutions of all chapters before this one
    CatchUp { chapter: Target },
    /// Cut, kill and heal three replicas of chapter 06, and see whether they agree
    Cluster(cluster::Options),
    /// Run many fleets in one process, in virtual time, under schedules that nobody thought of
    World(world::Options),
    /// Make the slides: one page for each deck, in target/slides
    Slides {
        /// Only decks whose names begin with this: 05
        deck: Option<String>,
        /// Print each deck to PDF too, with an installed Chromium
        #[arg(long)]
        pdf: bool,
    },
    /// Show three replicas of chapter 06 on a live page: cut a link, and see what happens
    Demo(demo::Options),
    /// Restore what the last solve, reset or catch-up replaced
    Undo,
    /// Teachers: print a plan with clock times for a half day, one day or two days
    Timetable {
        /// half-day, one-day or two-days
        plan: Option<String>,
    },
    /// Show the guides as a book in the browser
    Book(book::Options),
    /// Authors: prove that starters, solutions, tests and guides fit
    Verify {
        chapter: Option<Target>,
        /// Only one mutant per exercise, and not the code generator
        #[arg(long)]
        quick: bool,
    },
    /// Authors: regenerate everything generated
    Sync {
        /// Overwrite starters that hold somebody's own work
        #[arg(long)]
        force: bool,
    },
}

const FIRST_STEPS: &str = "\
Build a replicated key-value store, one chapter at a time.

  cargo workshop start       prepare this machine, and see where to begin
  cargo workshop check       which exercises pass, and why others do not
  cargo workshop hint 1.2    the next hint
  cargo workshop diff 1.2    your code beside the solution
  cargo workshop next        what to do next

All commands: cargo workshop help. With just: just check, just hint 1.2";

fn main() -> ExitCode {
    let done = match Arguments::try_parse() {
        Ok(arguments) => act(arguments),
        // What was asked for: the help.
        Err(help) if !help.use_stderr() => {
            match Paint::stdout().0 {
                true => print!("{}", help.render().ansi()),
                false => print!("{}", help.render()),
            }
            Ok(true)
        }
        Err(wrong) => wrong.exit(),
    };
    match done.and_then(|done| term::written().map(|()| done)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            term::error(&error);
            ExitCode::from(2)
        }
    }
}

fn act(arguments: Arguments) -> Done {
    let Some(action) = arguments.command else {
        println!("{FIRST_STEPS}");
        return Ok(true);
    };
    let workspace = &Workspace::find()?;
    match action {
        Action::Start => doctor::start(workspace),
        Action::Doctor { fetch } => doctor::doctor(workspace, fetch),
        Action::List { json } => guide::list(workspace, json),
        Action::Check { target, solution, json } => check::check(workspace, target, solution, json),
        Action::Watch { target } => watch::watch(workspace, target),
        Action::Run { chapter, solution, arguments } => {
            run::run(workspace, workspace.chapter(chapter.chapter())?, solution, &arguments)
        }
        Action::Next => guide::next(workspace),
        Action::Hint { exercise } => guide::hint(workspace, exercise),
        Action::Diff { target, yes } => guide::diff(workspace, target, yes),
        Action::Solve { targets, yes } => fill::solve(workspace, &targets, yes),
        Action::Reset { target } => fill::reset(workspace, target),
        Action::CatchUp { chapter } => fill::catch_up(workspace, chapter.chapter()),
        Action::Cluster(options) => cluster::cluster(workspace, &options),
        Action::World(options) => world::world(workspace, &options),
        Action::Slides { deck, pdf } => slides::slides(workspace, deck.as_deref(), pdf),
        Action::Demo(options) => demo::demo(workspace, &options),
        Action::Undo => fill::undo(workspace),
        Action::Book(options) => book::book(workspace, &options),
        Action::Timetable { plan } => timetable::timetable(workspace, plan.as_deref()),
        Action::Verify { chapter, quick } => verify::verify(workspace, chapter.map(Target::chapter), quick),
        Action::Sync { force } => sync::sync(workspace, force).map(|()| true),
    }
}
