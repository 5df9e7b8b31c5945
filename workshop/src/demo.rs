//! `demo`: three replicas on a live page.

use std::env;
use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context, Result};
use clap::Args;

use crate::build;
use crate::cluster::{CHAPTER, open, replica};
use crate::run::hand_over;
use crate::workspace::Workspace;

#[derive(Args)]
pub struct Options {
    /// With your own chapters, not the solutions; says what is open there
    #[arg(long)]
    mine: bool,
    /// Play this script instead, and end; - is standard input
    #[arg(long, value_name = "FILE")]
    script: Option<PathBuf>,
    /// Play the schedule of this file, which `cargo workshop world --json` writes
    #[arg(long, value_name = "FILE", conflicts_with = "script")]
    replay: Option<PathBuf>,
}

/// Builds the replica's program and the demo, which then takes this process's place.
pub fn demo(workspace: &Workspace, options: &Options) -> Result<bool> {
    let program = replica(workspace, options.mine, false)?;
    let mut cargo = build::cargo(&workspace.root, &workspace.target());
    // The script's path is relative to the caller's folder.
    cargo.current_dir(env::current_dir().context("cannot tell the current directory")?);
    cargo.args(["run", "--quiet", "--manifest-path"]).arg(workspace.root.join("Cargo.toml"));
    cargo.args(["--package", "stage-demo", "--", "--program"]).arg(program);
    if options.mine {
        cargo.arg("--mine-open").arg(open(workspace, CHAPTER).join("; "));
    }
    if let Some(script) = &options.script {
        cargo.arg("--script").arg(script);
    }
    if let Some(finding) = &options.replay {
        cargo.arg("--replay").arg(finding);
    }
    let status = hand_over(cargo.stdin(Stdio::inherit())).context("cannot start cargo")?;
    std::process::exit(status.code().unwrap_or(2))
}
