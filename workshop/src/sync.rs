//! `sync`: regenerates everything that is generated from something else.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::build;
use crate::chapter::{Chapter, Side};
use crate::checks::Checks;
use crate::files;
use crate::fill::whole;
use crate::git;
use crate::include;
use crate::region::Form;
use crate::saved::{self, Change};
use crate::starter::{Drift, drift, generate};
use crate::timetable;
use crate::workspace::Workspace;

/// Regenerates the protobuf code, the starters, `checks.toml` and the includes.
///
/// Refuses to overwrite a starter that holds somebody's own work, unless `force`.
pub fn sync(workspace: &Workspace, force: bool) -> Result<()> {
    protobuf(workspace)?;
    let mut changes = Vec::new();
    for chapter in &workspace.chapters {
        let drift = drift(chapter, generate(chapter, |_| Form::Open)?)?;
        if !force && let Some(own) = own_work(workspace, chapter, &drift)? {
            bail!(
                "{own} holds work of its own, so it was not overwritten\n\
                 `cargo workshop sync --force` overwrites it and keeps a copy"
            );
        }
        changes.extend(whole(chapter, Form::Open)?);
    }
    keep_and_write(workspace, &changes)?;
    for chapter in &workspace.chapters {
        let text = Checks::gather(chapter, &generate(chapter, |_| Form::Open)?)?.text()?;
        report(workspace, &Checks::path(chapter), &text)?;
    }
    for (path, text) in timetable::shown(workspace)? {
        report(workspace, &path, &text)?;
    }
    // Guides are read with a pen in the hand: somebody may have written into what they include.
    let mut refreshed = Vec::new();
    for path in markdown(workspace)? {
        let before = files::read(&path)?;
        let after = include::refresh(&path, &before)?;
        refreshed.extend((before != after).then_some(Change { path, to: Some(after.into_bytes()) }));
    }
    keep_and_write(workspace, &refreshed)?;
    println!("All that is generated is up to date.");
    Ok(())
}

/// Makes changes to what somebody may have edited, and keeps copies of what was there.
fn keep_and_write(workspace: &Workspace, changes: &[Change]) -> Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let saved = saved::replace(workspace, "synced", "sync", changes)?;
    for change in changes {
        let word = if change.to.is_some() { "written" } else { "removed" };
        println!("{word}: {}", workspace.shown(&change.path));
    }
    println!("What was there before is in {saved}");
    Ok(())
}

/// The Markdown files that may include code: the guides, the slides and what is at the top.
pub fn markdown(workspace: &Workspace) -> Result<Vec<PathBuf>> {
    let top = ["README.md", "TEACHING.md"].map(|name| workspace.root.join(name));
    let mut found: Vec<PathBuf> = top.into_iter().filter(|path| path.exists()).collect();
    for folder in ["chapters", "slides"] {
        found.extend(files::below_with(&workspace.root.join(folder), &["md"])?);
    }
    Ok(found)
}

fn report(workspace: &Workspace, path: &Path, text: &str) -> Result<()> {
    if files::write_if_changed(path, text)? {
        println!("written: {}", workspace.shown(path));
    }
    Ok(())
}

/// The first file about to be changed that is neither as `sync` left it nor as git has it.
fn own_work(workspace: &Workspace, chapter: &Chapter, drift: &[Drift]) -> Result<Option<String>> {
    let checks = match Checks::path(chapter).exists() {
        true => Checks::load(chapter)?,
        false => Checks::default(),
    };
    for file in drift {
        let Some(found) = &file.found else { continue };
        let generated = checks.starter.get(&format!("src/{}", file.path));
        let shown = workspace.shown(&chapter.dir(Side::Starter).join("src").join(&file.path));
        let untouched = generated == Some(&files::fingerprint(found));
        if !untouched && git::committed(workspace, &shown).as_deref() != Some(found) {
            return Ok(Some(shown));
        }
    }
    Ok(None)
}

/// Compiles the `.proto` files, in a workspace that has any.
fn protobuf(workspace: &Workspace) -> Result<()> {
    if workspace.root.join("proto/codegen").is_dir() {
        let mut cargo = build::cargo(&workspace.root, &workspace.target());
        cargo.args(["run", "--quiet", "--package", "atoll-proto-codegen"]);
        let status = cargo.status().context("cannot start cargo")?;
        ensure!(status.success(), "the .proto files do not compile; see above");
    }
    Ok(())
}
