//! Copies of what a command replaces, so that nobody's work is ever lost.
//!
//! Each call saves the files it is about to replace in a folder below `.workshop/saved` with a
//! number that is never reused; `undo` restores the newest that is not undone. Nothing here is ever
//! deleted: `undo` too saves what it replaces.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::files;
use crate::workspace::Workspace;

/// A file to change: its path, and what it shall hold; none to remove it.
pub struct Change {
    pub path: PathBuf,
    pub to: Option<Vec<u8>>,
}

#[derive(Serialize, Deserialize)]
struct Manifest {
    what: String,
    /// Files that were there, from the root of the workspace; their copies have the same path.
    replaced: Vec<String>,
    /// Links that were there, and where they led. What stands there is not touched.
    #[serde(default)]
    links: BTreeMap<String, PathBuf>,
    /// Files that were not there.
    created: Vec<String>,
    /// Nothing for `undo` any more, or itself what an `undo` replaced.
    #[serde(default)]
    undone: bool,
}

/// Makes the changes, and saves what they replace for `undo`; the folder of the copies, from the root.
pub fn apply(workspace: &Workspace, what: &str, changes: &[Change]) -> Result<String> {
    replace(workspace, "saved", what, changes)
}

/// Makes the changes, and saves what they replace in a numbered folder below `.workshop/PLACE`.
pub fn replace(workspace: &Workspace, place: &str, what: &str, changes: &[Change]) -> Result<String> {
    let folder = begin(&workspace.notes().join(place), what)?;
    save(workspace, what, false, &folder, changes.iter().map(|change| change.path.as_path()))?;
    let shown = workspace.shown(&folder);
    make(changes)
        .with_context(|| format!("not everything was changed; what was there before is in {shown}"))?;
    Ok(shown)
}

/// Restores what the newest call replaced; returns what it was, and where a copy is of what that
/// replaced in turn.
pub fn undo(workspace: &Workspace) -> Result<Option<(String, String)>> {
    let saved = workspace.notes().join("saved");
    let mut newest = None;
    for (_, folder) in numbered(&saved)?.into_iter().rev() {
        // A folder without its list is what a crash left before anything was replaced.
        let Some(text) = files::read_if_there(&folder.join(LIST))? else { continue };
        let manifest: Manifest =
            serde_json::from_str(&text).with_context(|| format!("in {}", folder.display()))?;
        if !manifest.undone {
            newest = Some((folder, manifest));
            break;
        }
    }
    let Some((folder, mut manifest)) = newest else { return Ok(None) };

    let at = |path: &String| workspace.root.join(path);
    let mut changes = Vec::new();
    for path in &manifest.replaced {
        let copy = folder.join(path);
        let to = fs::read(&copy).with_context(|| format!("cannot read {}", copy.display()))?;
        changes.push(Change { path: at(path), to: Some(to) });
    }
    let absent = manifest.created.iter().chain(manifest.links.keys());
    changes.extend(absent.map(|path| Change { path: at(path), to: None }));

    let copies = begin(&saved, &format!("undo {}", manifest.what))?;
    save(workspace, &manifest.what, true, &copies, changes.iter().map(|change| change.path.as_path()))?;
    make(&changes).context("not everything was restored; fix the cause and run the same command again")?;
    for (path, to) in &manifest.links {
        link(to, &at(path))?;
    }
    // Last: after a crash before this, the next `undo` does it all once more.
    manifest.undone = true;
    files::write(&folder.join(LIST), serde_json::to_string_pretty(&manifest)?)?;
    Ok(Some((manifest.what, workspace.shown(&copies))))
}

/// The list of what a folder holds.
const LIST: &str = "saved.json";

/// Makes a folder with the next number.
fn begin(place: &Path, what: &str) -> Result<PathBuf> {
    let all = || -> Result<PathBuf> {
        fs::create_dir_all(place)?;
        let mut number = numbered(place)?.last().map_or(1, |(number, _)| number + 1);
        loop {
            let folder = place.join(format!("{number:04}-{}", what.replace(' ', "-")));
            match fs::create_dir(&folder) {
                // Another command has just taken this number.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => number += 1,
                made => return Ok(made.map(|()| folder)?),
            }
        }
    };
    all().with_context(|| {
        format!(
            "no copy can be kept in {}, so nothing was changed; check who owns it, and whether the disk is full",
            place.display()
        )
    })
}

/// Copies what is at these paths; where it fails, nothing has been changed yet.
fn save<'p>(
    workspace: &Workspace,
    what: &str,
    undone: bool,
    folder: &Path,
    paths: impl Iterator<Item = &'p Path>,
) -> Result<()> {
    copy(workspace, what, undone, folder, paths).context("nothing was changed, because no copy could be kept")
}

fn copy<'p>(
    workspace: &Workspace,
    what: &str,
    undone: bool,
    folder: &Path,
    paths: impl Iterator<Item = &'p Path>,
) -> Result<()> {
    let mut manifest = Manifest {
        what: what.to_owned(),
        replaced: Vec::new(),
        links: BTreeMap::new(),
        created: Vec::new(),
        undone,
    };
    for path in paths {
        let shown = workspace.shown(path);
        if let Ok(to) = fs::read_link(path) {
            manifest.links.insert(shown, to);
        } else if path.is_dir() {
            // Only an empty one gives way.
            manifest.created.push(shown);
        } else if let Some(bytes) = files::bytes_if_there(path)? {
            files::write(&folder.join(&shown), bytes)?;
            manifest.replaced.push(shown);
        } else {
            manifest.created.push(shown);
        }
    }
    files::write(&folder.join(LIST), serde_json::to_string_pretty(&manifest)?)
}

/// Removes first: a folder may have to go where a file shall be, or the other way round.
fn make(changes: &[Change]) -> Result<()> {
    for change in changes {
        let link = change.path.is_symlink();
        if link || (change.to.is_none() && !change.path.is_dir()) {
            files::remove(&change.path)?;
        }
    }
    for Change { path, to } in changes {
        if let Some(bytes) = to {
            remove_empty(path);
            files::write(path, bytes)?;
        }
    }
    Ok(())
}

/// Takes a folder away that holds nothing but folders of its kind; where it holds more, the write to come says it.
fn remove_empty(folder: &Path) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())) {
        remove_empty(&entry.path());
    }
    let _ = fs::remove_dir(folder);
}

#[cfg(unix)]
fn link(to: &Path, at: &Path) -> Result<()> {
    std::os::unix::fs::symlink(to, at).with_context(|| format!("cannot make the link {}", at.display()))
}

/// Making a link needs a right of its own elsewhere; the list in the folder of the copies still says where it led.
#[cfg(not(unix))]
fn link(_: &Path, _: &Path) -> Result<()> {
    Ok(())
}

/// The numbered folders, oldest first.
fn numbered(place: &Path) -> Result<Vec<(u32, PathBuf)>> {
    if !place.exists() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(place).with_context(|| format!("cannot read {}", place.display()))? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let number = name.split('-').next().and_then(|digits| digits.parse().ok());
        found.extend(number.map(|number| (number, path)));
    }
    found.sort();
    Ok(found)
}
