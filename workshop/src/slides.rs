//! `slides`: each deck as one page.

use anyhow::{Context, Result};

use crate::run::hand_over;
use crate::workspace::Workspace;
use crate::{build, complete};

/// Sees that the decks show the code as it is, and hands over to the program that builds them.
pub fn slides(workspace: &Workspace, deck: Option<&str>, pdf: bool) -> Result<bool> {
    complete::includes(workspace)?;
    let mut cargo = build::cargo(&workspace.root, &workspace.target());
    cargo.args(["run", "--quiet", "--package", "kit-slides", "--"]);
    cargo.arg("--out").arg(workspace.target().join("slides"));
    cargo.args(pdf.then_some("--pdf")).args(deck);
    let status = hand_over(&mut cargo).context("cannot start cargo")?;
    std::process::exit(status.code().unwrap_or(2))
}
