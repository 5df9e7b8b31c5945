//! `run`: the program of a chapter, to try by hand.

use std::ffi::OsString;
use std::process::{Command, ExitStatus};

use anyhow::{Context, Result};

use crate::build;
use crate::chapter::{Chapter, Side};
use crate::workspace::Workspace;

/// Builds and runs a chapter's program in the current directory, and ends as it ends.
pub fn run(workspace: &Workspace, chapter: &Chapter, solution: bool, arguments: &[OsString]) -> Result<bool> {
    let side = if solution { Side::Solution } else { Side::Starter };
    let program = build::example(workspace, &chapter.package(side), &chapter.example(side), "dev")?;
    let status = hand_over(Command::new(&program).args(arguments));
    let status = status.with_context(|| format!("cannot start {}", program.display()))?;
    std::process::exit(status.code().unwrap_or(2))
}

/// On Unix the program replaces this process, so that signals reach it directly.
#[cfg(unix)]
pub fn hand_over(command: &mut Command) -> std::io::Result<ExitStatus> {
    Err(std::os::unix::process::CommandExt::exec(command))
}

#[cfg(not(unix))]
pub fn hand_over(command: &mut Command) -> std::io::Result<ExitStatus> {
    command.status()
}
