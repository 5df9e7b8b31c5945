//! `world --mutants`: which plausible wrong answers the simulated fleet finds by itself, and which it misses.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use crate::build;
use crate::chapter::{Chapter, Side};
use crate::files;
use crate::mutant::{self, Mutant};
use crate::proofs::Proof;
use crate::scratch;
use crate::starter::generate;
use crate::term::Progress;
use crate::workspace::Workspace;

/// The first chapter whose wrong answers replicas of the last one meet.
const FIRST: u8 = 4;

/// How long a mutant may take for all of its seeds: one that loops without an await stands still for ever.
const LIMIT: Duration = Duration::from_secs(600);

/// The table, from the root.
const TABLE: &str = "kit/world/MUTANTS.md";

/// What becomes of a mutant.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Fate {
    /// The first seed that breaks a promise, and which.
    Found { seed: u64, promise: String },
    /// It stands still, or ends without a word. That counts as missed: a slow machine looks the same.
    Stuck,
    /// All seeds passed.
    Missed,
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

impl Fate {
    fn is_found(&self) -> bool {
        matches!(self, Self::Found { .. })
    }
}

/// Builds each mutant whose name contains `only` into a copy of the fleet and runs seeds until one fails. Writes the
/// table of all where there is no `only`.
///
/// # Errors
/// Where a mutant cannot be built, or the solutions themselves break a promise in these seeds.
pub fn mutants(
    workspace: &Workspace,
    chapter: u8,
    seeds: u64,
    fast: bool,
    only: Option<&str>,
) -> Result<bool> {
    let scratch = scratch::copy(workspace)?;
    for below in scratch.chapters.iter().filter(|below| below.number <= chapter) {
        Proof { scratch: &scratch, chapter: below }.solve()?;
    }
    let fleet = Fleet {
        scratch: &scratch,
        chapter: scratch.chapter(chapter)?,
        profile: if fast { "world" } else { "dev" },
    };
    ensure!(
        run(&fleet.build()?, seeds)? == Fate::Missed,
        "the solutions break a promise themselves: look at them first, with cargo workshop world --seeds {seeds}"
    );
    let mut rows = Vec::new();
    let mut progress = Progress::after(Duration::ZERO);
    for of in scratch.chapters.iter().filter(|of| (FIRST..=chapter).contains(&of.number)) {
        for mutant in mutant::all(of)? {
            let name = format!("{} {}", of.code(), mutant.name.trim_end_matches(".rs"));
            if only.is_some_and(|only| !name.contains(only)) {
                continue;
            }
            progress.show(&name);
            let fate = fleet.fate(of, &mutant, seeds).with_context(|| format!("mutant {name}"))?;
            progress.clear();
            println!("{name:<60} {}", told(&fate));
            rows.push((name, fate));
        }
        Proof { scratch: &scratch, chapter: of }.solve()?;
    }
    ensure!(!rows.is_empty(), "there is no such mutant in chapters {FIRST:02} to {chapter:02}");
    let found = rows.iter().filter(|(_, fate)| fate.is_found()).count();
    println!("{found} of {} found, {} %", rows.len(), found * 100 / rows.len());
    if only.is_none() {
        let path = workspace.root.join(TABLE);
        let before = files::read_if_there(&path)?.unwrap_or_default();
        files::write_if_changed(&path, &table(&rows, seeds, &words(&before)))?;
    }
    Ok(true)
}

/// The fleet's program in the copy of the workspace, and how it is built.
struct Fleet<'a> {
    scratch: &'a Workspace,
    chapter: &'a Chapter,
    profile: &'static str,
}

impl Fleet<'_> {
    fn fate(&self, of: &Chapter, mutant: &Mutant, seeds: u64) -> Result<Fate> {
        scratch::fill(of, &generate(of, mutant.form(of))?)?;
        run(&self.build()?, seeds)
    }

    fn build(&self) -> Result<PathBuf> {
        let example = format!("{}-world", self.chapter.example(Side::Starter));
        let mut cargo: Command = build::cargo(&self.scratch.root, &self.scratch.target());
        cargo.args(["build", "--quiet", "--offline", "--profile", self.profile]);
        cargo.args(["--package", &self.chapter.package(Side::Starter), "--example", &example]);
        let built = cargo.output().context("cannot start cargo")?;
        ensure!(built.status.success(), "it cannot be built:\n{}", String::from_utf8_lossy(&built.stderr));
        let folder = if self.profile == "dev" { "debug" } else { self.profile };
        let file = format!("{example}{}", std::env::consts::EXE_SUFFIX);
        Ok(self.scratch.target().join(folder).join("examples").join(file))
    }
}

/// Runs seeds until one fails.
fn run(program: &Path, seeds: u64) -> Result<Fate> {
    let mut command = Command::new(program);
    command.args(["--seeds", &seeds.to_string(), "--sieve", "--json"]);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let mut stdout = child.stdout.take().context("it has a standard output")?;
    let heard = thread::spawn(move || {
        let mut text = String::new();
        stdout.read_to_string(&mut text).map(|_| text)
    });
    let until = Instant::now() + LIMIT;
    let status = loop {
        match child.try_wait()? {
            Some(status) => break Some(status),
            None if Instant::now() > until => {
                child.kill()?;
                child.wait()?;
                break None;
            }
            None => thread::sleep(Duration::from_millis(50)),
        }
    };
    let Ok(heard) = heard.join() else { bail!("nobody could hear what it said") };
    let mut failed = Vec::new();
    for line in heard?.lines() {
        let Ok(Finding { seed, broken }) = serde_json::from_str(line) else { continue };
        failed.extend(broken.into_iter().next().map(|broken| (seed, broken.promise)));
    }
    Ok(match (failed.into_iter().min(), status.and_then(|status| status.code())) {
        (Some((seed, promise)), _) => Fate::Found { seed, promise },
        (None, Some(0)) => Fate::Missed,
        (None, _) => Fate::Stuck,
    })
}

fn told(fate: &Fate) -> String {
    match fate {
        Fate::Found { seed, promise } => format!("seed {seed}: {promise}"),
        Fate::Stuck => "stands still, or ends without a word".to_owned(),
        Fate::Missed => "MISSED".to_owned(),
    }
}

/// The words in a table for those that are missed, which people write, by the mutant's name.
fn words(table: &str) -> BTreeMap<String, String> {
    let rows = table.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ");
        let (name, fate, words) = (cells.next()?, cells.next()?, cells.next()?);
        (fate == "missed").then(|| (name.to_owned(), words.to_owned()))
    });
    rows.collect()
}

fn table(rows: &[(String, Fate)], seeds: u64, words: &BTreeMap<String, String>) -> String {
    let found = rows.iter().filter(|(_, fate)| fate.is_found()).count();
    let mut text = format!(
        "# What the simulated fleet finds\n\n\
         Each plausible wrong answer of chapters 04 to 06 (`solutions/*/mutants`) was built into a fleet of chapter 06, \
         and seeds\nwere run from 1 until one broke a promise, {seeds} at the most: it finds {found} of {all}, {share} %. \
         `cargo workshop world --mutants`\nwrites this table; why one is missed is written by hand, and kept.\n\n\
         | mutant | found by seed | the first promise that is broken, or why it is missed |\n| --- | --- | --- |\n",
        all = rows.len(),
        share = found * 100 / rows.len().max(1),
    );
    for (name, fate) in rows {
        let (by, why) = match fate {
            Fate::Found { seed, promise } => (seed.to_string(), promise.as_str()),
            Fate::Stuck => ("none".to_owned(), "it stands still, or ends without a word"),
            Fate::Missed => ("missed".to_owned(), words.get(name).map_or("not looked into", String::as_str)),
        };
        text += &format!("| {name} | {by} | {why} |\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_of_those_that_are_missed_is_kept() {
        let rows = [
            (
                "05 late-ack".to_owned(),
                Fate::Found { seed: 3, promise: "nothing deleted is back".to_owned() },
            ),
            ("06 wide-scan".to_owned(), Fate::Missed),
            ("06 new".to_owned(), Fate::Missed),
            ("06 waits".to_owned(), Fate::Stuck),
        ];
        let words =
            BTreeMap::from([("06 wide-scan".to_owned(), "it costs bytes and breaks nothing".to_owned())]);
        let text = table(&rows, 100, &words);
        assert!(text.contains("it finds 1 of 4, 25 %"), "{text}");
        assert!(text.contains("| 05 late-ack | 3 | nothing deleted is back |"), "{text}");
        assert!(text.contains("| 06 wide-scan | missed | it costs bytes and breaks nothing |"), "{text}");
        assert_eq!(super::words(&text)["06 wide-scan"], words["06 wide-scan"]);
    }
}
