//! `slides`: each deck as one page.

use anyhow::{Context, Result};

use crate::run::hand_over;
use crate::workspace::Workspace;
use crate::{build, complete, files, timetable};

/// Sees that the decks show the code as it is, and all exercises of their chapters; hands over to the program that
/// builds them.
pub fn slides(workspace: &Workspace, deck: Option<&str>, pdf: bool) -> Result<bool> {
    complete::includes(workspace)?;
    let work = timetable::work(workspace, deck.unwrap_or_default())?;
    let path = workspace.target().join("workshop/work.json");
    files::write(&path, &serde_json::to_string_pretty(&work)?)?;
    let mut cargo = build::cargo(&workspace.root, &workspace.target());
    cargo.args(["run", "--quiet", "--package", "stage-slides", "--"]);
    cargo.arg("--work").arg(path);
    cargo.arg("--out").arg(workspace.target().join("slides"));
    cargo.args(pdf.then_some("--pdf")).args(deck);
    let status = hand_over(&mut cargo).context("cannot start cargo")?;
    std::process::exit(status.code().unwrap_or(2))
}
