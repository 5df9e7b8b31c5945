//! What `verify` can prove from the files alone: nothing is missing and nothing is stale.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::build;
use crate::chapter::{Chapter, Side};
use crate::checks::Checks;
use crate::files;
use crate::id::Id;
use crate::include;
use crate::mutant;
use crate::region::Form;
use crate::starter::{drift, generate};
use crate::sync::markdown;
use crate::workspace::Workspace;

/// At least this many wrong answers show that the tests of an exercise can tell right from wrong.
const MUTANTS: usize = 3;

/// The starter and `checks.toml` are what the solution and the tests make of them.
pub fn fresh(workspace: &Workspace, chapter: &Chapter) -> Result<()> {
    let starter = generate(chapter, |_| Form::Open)?;
    let checks = Checks::gather(chapter, &starter)?;
    if let Some(file) = drift(chapter, starter)?.first() {
        let path = workspace.shown(&chapter.dir(Side::Starter).join("src").join(&file.path));
        bail!("{path} is not what the solution generates; run: cargo workshop sync");
    }
    let path = Checks::path(chapter);
    ensure!(
        Checks::load(chapter)? == checks,
        "{} is stale; run: cargo workshop sync",
        workspace.shown(&path)
    );
    Ok(())
}

/// Every exercise has all that an attendee is shown, and its tests.
pub fn described(workspace: &Workspace, chapter: &Chapter) -> Result<()> {
    let guide_path = chapter.dir(Side::Starter).join("README.md");
    let guide = files::read(&guide_path)?;
    let headings: Vec<&str> = guide
        .lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| line.trim_start_matches('#').trim())
        .collect();
    let tests = Checks::gather(chapter, &generate(chapter, |_| Form::Open)?)?.tests;
    let mutants = mutant::all(chapter)?;
    for (index, exercise) in chapter.exercises.iter().enumerate() {
        let id = exercise.id;
        let expected = Id { chapter: chapter.number, number: u8::try_from(index + 1)? };
        ensure!(id == expected, "exercise {id} comes where {expected} is expected");
        ensure!(exercise.minutes > 0, "exercise {id} takes no time");
        ensure!((2..=3).contains(&exercise.hints.len()), "exercise {id} needs 2 or 3 hints");
        let empty = exercise
            .hints
            .iter()
            .chain([&exercise.remark, &exercise.title])
            .any(|text| text.trim().is_empty());
        ensure!(!empty, "exercise {id} has an empty title, hint or remark");
        let section = headings.contains(&exercise.section.as_str());
        ensure!(section, "{} has no heading '{}' for {id}", workspace.shown(&guide_path), exercise.section);
        ensure!(tests.contains_key(&id), "exercise {id} has no test named ex_{}_{}_…", id.chapter, id.number);
        let own = mutants.iter().filter(|mutant| mutant.id == id).count();
        ensure!(own >= MUTANTS, "exercise {id} has {own} mutants, and needs {MUTANTS}");
    }
    let stray = chapter.titles.keys().chain(tests.keys()).find(|&&id| chapter.exercise(id).is_err());
    ensure!(stray.is_none(), "{} is not in exercises.toml", stray.map(Id::to_string).unwrap_or_default());
    Ok(())
}

/// The starter is formatted as the workspace is.
pub fn formatted(workspace: &Workspace, chapter: &Chapter) -> Result<()> {
    let sources = files::below_with(&chapter.dir(Side::Starter).join("src"), &["rs"])?;
    let mut rustfmt = Command::new("rustfmt");
    rustfmt
        .args(["--check", "--color", "never", "--edition", "2024", "--config-path"])
        .arg(workspace.root.join("rustfmt.toml"));
    let output = rustfmt.args(sources).output().context("cannot start rustfmt")?;
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success(), "rustfmt would change the starter:\n{}", said.trim());
    Ok(())
}

/// Every include in the guides and slides shows what its file holds now; how many files were read.
pub fn includes(workspace: &Workspace) -> Result<()> {
    for path in markdown(workspace)? {
        let text = files::read(&path)?;
        let stale = include::refresh(&path, &text)? != text;
        ensure!(!stale, "{} shows stale code; run: cargo workshop sync", workspace.shown(&path));
    }
    Ok(())
}

/// The committed protobuf code is what the `.proto` files make.
pub fn protobuf(workspace: &Workspace) -> Result<()> {
    let committed = workspace.root.join("proto");
    let made = workspace.target().join("workshop/generated");
    if made.exists() {
        fs::remove_dir_all(&made).with_context(|| format!("cannot remove {}", made.display()))?;
    }
    let mut cargo = build::cargo(&workspace.root, &workspace.target());
    cargo.args(["run", "--quiet", "--package", "atoll-proto-codegen", "--"]).arg(&made);
    let output = cargo.output().context("cannot start cargo")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr).trim());
    let names = |folder| -> Result<Vec<String>> {
        let names =
            files::below(folder)?.iter().map(|path| files::relative(path, folder)).collect::<Vec<_>>();
        Ok(names.into_iter().filter(|name| name.contains("generated/")).collect())
    };
    ensure!(
        names(&committed)? == names(&made)?,
        "other files than the .proto files generate; run: cargo workshop sync"
    );
    for name in names(&made)? {
        let same = fs::read(committed.join(&name))? == fs::read(made.join(&name))?;
        ensure!(same, "proto/{name} is stale; run: cargo workshop sync");
    }
    Ok(())
}
