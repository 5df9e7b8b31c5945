//! The simulated fleet with a wrong answer in it: how it is built, and how it ends.

use std::fmt;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::build;
use crate::chapter::{Chapter, Side};
use crate::workspace::Workspace;

/// How long a fleet may go on without a seed that comes to its end: one that loops without an await stands still
/// forever.
const SILENCE: Duration = Duration::from_secs(120);

/// How it is built: so that a seed is fast, and a chapter is soon built again.
const PROFILE: &str = "world";

/// What becomes of a mutant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// The first seed that breaks a promise, and which.
    Found { seed: u64, promise: String },
    /// It hangs, or ends without output. That counts as missed: a slow machine looks the same.
    Stuck,
    /// All seeds passed.
    Missed,
}

/// The fleet's program in the copy of the workspace.
pub struct Fleet<'a> {
    pub scratch: &'a Workspace,
    pub chapter: &'a Chapter,
}

/// What the fleet's program says of a seed.
#[derive(Deserialize)]
struct Finding {
    seed: u64,
    broken: Vec<Broken>,
}

#[derive(Deserialize)]
struct Broken {
    promise: String,
}

/// A program that is there for as long as it is wanted, whatever is built meanwhile.
pub struct Built(PathBuf);

impl Drop for Built {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

impl Fleet<'_> {
    /// Builds it from the copy.
    pub fn build(&self) -> Result<Built> {
        let example = format!("{}-world", self.chapter.example(Side::Starter));
        let program = build::example(self.scratch, &self.chapter.package(Side::Starter), &example, PROFILE)?;
        let kept = (0_u64..).map(|n| program.with_file_name(format!("mutant-{}-{n}", std::process::id())));
        let kept = kept.into_iter().find(|kept| !kept.exists()).context("there is no room for a name")?;
        fs::copy(&program, &kept).with_context(|| format!("cannot copy {}", program.display()))?;
        Ok(Built(kept))
    }
}

/// Runs seeds until one fails.
pub fn run(Built(program): &Built, seeds: u64) -> Result<Fate> {
    finish(Command::new(program).args(["--seeds", &seeds.to_string(), "--sieve", "--json"]), SILENCE)
}

/// Hears what it says until it ends, or says nothing for so long.
fn finish(command: &mut Command, silence: Duration) -> Result<Fate> {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let stdout = child.stdout.take().context("it has a standard output")?;
    let (sender, lines) = mpsc::sync_channel(1);
    thread::spawn(move || {
        for line in BufReader::new(stdout).lines() {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    let mut failed = Vec::new();
    let mut stands_still = false;
    loop {
        match lines.recv_timeout(silence) {
            Ok(line) => {
                let Ok(Finding { seed, broken }) = serde_json::from_str(&line?) else { continue };
                failed.extend(broken.into_iter().next().map(|broken| (seed, broken.promise)));
            }
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                stands_still = true;
                child.kill()?;
                break;
            }
        }
    }
    let status = child.wait()?;
    Ok(match failed.into_iter().min() {
        Some((seed, promise)) => Fate::Found { seed, promise },
        None if status.success() && !stands_still => Fate::Missed,
        None => Fate::Stuck,
    })
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fate::Found { seed, promise } => write!(f, "seed {seed}: {promise}"),
            Fate::Stuck => f.write_str("stands still, or ends without a word"),
            Fate::Missed => f.write_str("MISSED"),
        }
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn fate_of(script: &str) -> Fate {
        finish(Command::new("sh").args(["-c", script]), Duration::from_millis(500)).unwrap()
    }

    #[test]
    fn the_first_seed_that_fails_counts_and_who_is_silent_for_long_is_stuck() {
        let passed = r#"echo '{"seed":1,"broken":[]}'; "#;
        let failed = r#"echo '{"seed":9,"broken":[{"promise":"late"}]}'; echo '{"seed":7,"broken":[{"promise":"lost"}]}'; "#;
        let found = Fate::Found { seed: 7, promise: "lost".into() };
        assert_eq!(fate_of(&format!("{passed}{failed} exit 1")), found);
        // One seed stands still, and others failed.
        assert_eq!(fate_of(&format!("{passed}{failed} exec sleep 60")), found);
        assert_eq!(fate_of(passed), Fate::Missed);
        assert_eq!(fate_of(&format!("{passed} exec sleep 60")), Fate::Stuck);
        assert_eq!(fate_of(&format!("{passed} exit 101")), Fate::Stuck);
        // It takes long, and goes on.
        let slow = format!("for seed in 1 2 3 4; do {passed} sleep 0.2; done");
        assert_eq!(fate_of(&slow), Fate::Missed);
    }
}
