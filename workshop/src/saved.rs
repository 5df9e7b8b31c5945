//! Copies of what a command replaces, so that nobody's work is ever lost.
//!
//! Each call saves the files it is about to replace in a numbered folder below
//! `.workshop/saved`; the newest is what `undo` brings back.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::files;
use crate::workspace::Workspace;

/// A file to change: its path, and what it shall hold; none to remove it.
pub struct Change {
    pub path: PathBuf,
    pub text: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Manifest {
    what: String,
    /// Files that were there, from the root of the workspace; their copies have the same path.
    replaced: Vec<String>,
    /// Files that were not there.
    created: Vec<String>,
}

/// Makes the changes, and saves what they replace for `undo`; the folder of the copies, from the root.
pub fn apply(workspace: &Workspace, what: &str, changes: &[Change]) -> Result<String> {
    replace(workspace, "saved", what, changes)
}

/// Makes the changes, and saves what they replace in a numbered folder below `.workshop/PLACE`.
pub fn replace(workspace: &Workspace, place: &str, what: &str, changes: &[Change]) -> Result<String> {
    let place = workspace.notes().join(place);
    let number = numbered(&place)?.last().map_or(1, |(number, _)| number + 1);
    let folder = place.join(format!("{number:04}-{}", what.replace(' ', "-")));
    save(workspace, what, &folder, changes.iter().map(|change| change.path.as_path()))?;
    for change in changes {
        match &change.text {
            Some(text) => files::write(&change.path, text)?,
            None => files::remove(&change.path)?,
        }
    }
    Ok(workspace.shown(&folder))
}

/// Brings back what the newest call replaced; what it was, and where a copy is of what that replaced in turn.
pub fn undo(workspace: &Workspace) -> Result<Option<(String, String)>> {
    let saved = workspace.notes().join("saved");
    let Some((_, folder)) = numbered(&saved)?.pop() else { return Ok(None) };
    let text = files::read(&folder.join("saved.json"))?;
    let manifest: Manifest =
        serde_json::from_str(&text).with_context(|| format!("in {}", folder.display()))?;

    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let undone = workspace.notes().join("undone").join(name);
    let all = manifest.replaced.iter().chain(&manifest.created).map(|path| workspace.root.join(path));
    let all: Vec<PathBuf> = all.collect();
    save(workspace, &manifest.what, &undone, all.iter().map(PathBuf::as_path))?;

    for path in &manifest.replaced {
        files::write(&workspace.root.join(path), &files::read(&folder.join(path))?)?;
    }
    for path in manifest.created.iter().map(|path| workspace.root.join(path)).filter(|path| path.exists()) {
        files::remove(&path)?;
    }
    fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    Ok(Some((manifest.what, workspace.shown(&undone))))
}

fn save<'p>(
    workspace: &Workspace,
    what: &str,
    folder: &Path,
    paths: impl Iterator<Item = &'p Path>,
) -> Result<()> {
    let mut manifest = Manifest { what: what.to_owned(), replaced: Vec::new(), created: Vec::new() };
    for path in paths {
        let shown = workspace.shown(path);
        match files::read_if_there(path)? {
            Some(text) => {
                files::write(&folder.join(&shown), &text)?;
                manifest.replaced.push(shown);
            }
            None => manifest.created.push(shown),
        }
    }
    files::write(&folder.join("saved.json"), &serde_json::to_string_pretty(&manifest)?)
}

/// The folders of saved copies, oldest first.
fn numbered(saved: &Path) -> Result<Vec<(u32, PathBuf)>> {
    if !saved.exists() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(saved).with_context(|| format!("cannot read {}", saved.display()))? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let number = name.split('-').next().and_then(|digits| digits.parse().ok());
        // A folder without its list is what a crash left: there is nothing in it to bring back.
        found.extend(number.filter(|_| path.join("saved.json").exists()).map(|number| (number, path)));
    }
    found.sort();
    Ok(found)
}
