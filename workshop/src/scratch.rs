//! A copy of the workspace to try things in: what an attendee edits is never touched.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::chapter::{Chapter, Side};
use crate::files;
use crate::workspace::Workspace;

/// Folders that hold no sources.
const SKIPPED: [&str; 4] = ["target", ".git", ".workshop", "node_modules"];

/// Brings the copy up to date and opens it.
///
/// Files that are the same keep their times, so cargo builds only what has changed. The copy
/// shares the target folder, so third-party crates are built once. The workspace's own get
/// another version: cargo tells packages by their path from the root, and would take what it
/// built from the one workspace for the other's.
pub fn copy(workspace: &Workspace) -> Result<Workspace> {
    // Several checkouts may share a target folder.
    let name = format!("scratch-{}", files::fingerprint(&workspace.root.to_string_lossy()));
    let to = workspace.target().join("workshop").join(&name);
    let mut wanted = BTreeSet::new();
    mirror(&workspace.root, &to, &name, &mut wanted)?;
    let config = to.join(".cargo").join("config.toml");
    if let Some(text) = files::read_if_there(&config)?.filter(|_| to.starts_with(&workspace.root)) {
        files::write_if_changed(&config, &unflagged(&text))?;
    }
    remove_others(&to, &wanted)?;
    Workspace::open(&to)
}

/// Makes these the files of the chapter's `src`, in the copy.
pub fn fill(chapter: &Chapter, sources: &BTreeMap<String, String>) -> Result<()> {
    let src = chapter.dir(Side::Starter).join("src");
    for path in files::below(&src)? {
        if !sources.contains_key(&files::relative(&path, &src)) {
            files::remove(&path)?;
        }
    }
    for (path, text) in sources {
        files::write_if_changed(&src.join(path), text)?;
    }
    Ok(())
}

fn mirror(from: &Path, to: &Path, version: &str, wanted: &mut BTreeSet<PathBuf>) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot create {}", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default();
        // A target folder may have any name; cargo marks it.
        let skipped =
            name.to_str().is_some_and(|name| SKIPPED.contains(&name)) || path.join("CACHEDIR.TAG").exists();
        let copy = to.join(name);
        if skipped || path.is_symlink() {
            continue;
        } else if path.is_dir() {
            mirror(&path, &copy, version, wanted)?;
        } else {
            let bytes = match name == "Cargo.toml" {
                true => versioned(&files::read(&path)?, version).into_bytes(),
                false => fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?,
            };
            if fs::read(&copy).ok().as_ref() != Some(&bytes) {
                fs::write(&copy, bytes).with_context(|| format!("cannot write {}", copy.display()))?;
            }
        }
        wanted.insert(copy);
    }
    Ok(())
}

/// A manifest whose package has `+version` after its version: the same to requirements, another to cargo.
fn versioned(manifest: &str, version: &str) -> String {
    let mut section = "";
    let mut out = String::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            section = line.trim();
        }
        let own = ["[package]", "[workspace.package]"].contains(&section);
        match line.strip_prefix("version = \"").and_then(|rest| rest.split_once('"')) {
            Some((number, rest)) if own => {
                let joint = if number.contains('+') { '.' } else { '+' };
                out += &format!("version = \"{number}{joint}{version}\"{rest}\n");
            }
            _ => out += &format!("{line}\n"),
        }
    }
    out
}

/// A configuration without its flags for the compiler: below the workspace cargo adds them to those of the workspace,
/// and with flags that are there twice it would build all third-party crates again.
fn unflagged(config: &str) -> String {
    config.lines().filter(|line| !line.starts_with("rustflags")).map(|line| line.to_owned() + "\n").collect()
}

fn remove_others(folder: &Path, wanted: &BTreeSet<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        let is_dir = path.is_dir();
        match wanted.contains(&path) {
            true if is_dir => remove_others(&path, wanted)?,
            true => {}
            false if path.file_name() == Some(OsStr::new("target")) => {}
            false if is_dir => {
                fs::remove_dir_all(&path).with_context(|| format!("cannot remove {}", path.display()))?;
            }
            false => files::remove(&path)?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_version_of_the_package_changes() {
        let manifest = "[package]\nversion = \"0.1.0\"\n\n[dependencies.a]\nversion = \"2\"\n";
        let expected = "[package]\nversion = \"0.1.0+s\"\n\n[dependencies.a]\nversion = \"2\"\n";
        assert_eq!(versioned(manifest, "s"), expected);
    }

    #[test]
    fn of_the_configuration_of_the_workspace_only_the_flags_are_left_out() {
        let config = include_str!("../../.cargo/config.toml");
        let lines = |text: &str| -> Vec<String> { text.lines().map(str::to_owned).collect() };
        let left_out: Vec<String> =
            lines(config).into_iter().filter(|line| !lines(&unflagged(config)).contains(line)).collect();
        assert_eq!(left_out, ["rustflags = [\"--cfg\", \"tokio_unstable\"]"]);
    }
}
