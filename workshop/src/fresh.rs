//! Whether the last build was made from the current bytes.
//!
//! Cargo compares times. A file that is restored with an old one, by `mv`, `cp -p`, rsync or a
//! synchronized folder, or under a wrong clock, is not rebuilt, and the verdict would be about
//! other code. So each build leaves a fingerprint of its sources beside its output.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::Result;

use crate::files;

/// What cargo built, or found built.
pub struct Artifact {
    /// As cargo names it.
    pub package: String,
    pub files: Vec<PathBuf>,
    /// The folder of its sources.
    pub sources: PathBuf,
    /// It was built just now.
    pub built: bool,
    /// It is made of what attendees edit.
    pub attendees: bool,
}

/// A fingerprint of all Rust files below a folder.
fn sources(folder: &Path) -> Result<u64> {
    let mut hash = 0;
    for path in files::below_with(folder, &["rs"])? {
        hash = mix(hash, path.strip_prefix(folder).unwrap_or(&path).as_os_str().as_encoded_bytes());
        hash = mix(hash, &files::bytes_if_there(&path)?.unwrap_or_default());
    }
    Ok(hash)
}

/// The fingerprints of all sources of these, by their folder.
pub fn prints(artifacts: &[Artifact]) -> Result<Prints> {
    let folders: BTreeSet<&PathBuf> = artifacts.iter().map(|artifact| &artifact.sources).collect();
    folders.into_iter().map(|folder| Ok((folder.clone(), sources(folder)?))).collect()
}

pub type Prints = BTreeMap<PathBuf, u64>;

/// What is not built from the sources that are there, as far as is known. Takes down what was built just now.
pub fn stale<'a>(artifacts: &'a [Artifact], prints: &Prints) -> Vec<&'a Artifact> {
    let mut stale = Vec::new();
    for artifact in artifacts {
        let sources = prints.get(&artifact.sources).copied().unwrap_or_default();
        let Some(file) = artifact.files.last() else { continue };
        let Some(now) = entry(file, sources) else { continue };
        let path = beside(file);
        let before = fs::read_to_string(&path).unwrap_or_default();
        let (same, of_this_file) = (before == now, before.split(' ').next() == now.split(' ').next());
        // What somebody else built is of unknown bytes. A kit that nobody edits is not built again for that.
        let trusted = artifact.built || (!of_this_file && !artifact.attendees);
        if !same && trusted {
            // If it can't be written, the next call builds once more.
            let _ = fs::write(&path, now);
        } else if !same {
            stale.push(artifact);
        }
    }
    stale
}

fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".sources");
    name.into()
}

/// Which file this is, and what it was built from; none if it is gone.
fn entry(file: &Path, sources: u64) -> Option<String> {
    let about = fs::metadata(file).ok()?;
    let time = about.modified().ok()?.duration_since(UNIX_EPOCH).ok()?.as_nanos();
    Some(format!("{time}-{} {sources:016x}\n", about.len()))
}

/// Takes in eight bytes at a time, since a megabyte of sources is read at each check: a rotation, an exclusive or and a
/// multiplication (the step of rustc's FxHash). It notices an edit, and promises nothing against forgery.
fn mix(hash: u64, bytes: &[u8]) -> u64 {
    let mut hash = hash ^ bytes.len() as u64 ^ 0xcbf2_9ce4_8422_2325;
    for chunk in bytes.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        hash = (hash.rotate_left(5) ^ u64::from_le_bytes(word)).wrapping_mul(0x100_0000_01b3);
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_of_names_and_bytes_and_not_of_times() {
        let folder = tempfile::tempdir().unwrap();
        let of = |files: &[(&str, &str)]| {
            for (name, text) in files {
                fs::write(folder.path().join(name), text).unwrap();
            }
            let print = sources(folder.path()).unwrap();
            for (name, _) in files {
                fs::remove_file(folder.path().join(name)).unwrap();
            }
            print
        };
        let before = of(&[("a.rs", "one"), ("b.rs", "two")]);
        assert_eq!(of(&[("a.rs", "one"), ("b.rs", "two"), ("notes.md", "three")]), before);
        for other in [
            &[("a.rs", "one"), ("b.rs", "twO")][..],
            &[("a.rs", "two"), ("b.rs", "one")],
            &[("a.rs", "one\0"), ("b.rs", "two")],
            &[("a.rs", "onetwo"), ("b.rs", "")],
            &[("a.rs", "one"), ("c.rs", "two")],
            &[("a.rs", "one")],
        ] {
            assert_ne!(of(other), before, "{other:?}");
        }
    }
}
