//! Whatever commands run in whatever order, no version of a file is lost, and `undo` reverts
//! exactly one command.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use fastrand::Rng;

use super::*;
use crate::files;
use crate::sync::sync;

#[path = "../tests/fixture/files.rs"]
mod fixture;

/// What is at a path: bytes, or the target of a link.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Version {
    /// As text where they are one, so that a failure can be read.
    Bytes(Result<String, Vec<u8>>),
    Link(PathBuf),
}

type Tree = BTreeMap<PathBuf, Version>;

/// A tiny workshop in its own folder, which is removed with it.
fn workshop() -> (tempfile::TempDir, Workspace) {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in fixture::FILES {
        files::write(&folder.path().join(path), text).unwrap();
    }
    let workspace = Workspace::open(folder.path()).unwrap();
    for chapter in &workspace.chapters {
        let lib = chapter.dir(Side::Starter).join("src/lib.rs");
        files::write(&lib, &generate(chapter, |_| Form::Open).unwrap()["lib.rs"]).unwrap();
    }
    (folder, workspace)
}

fn tree(folder: &Path) -> Tree {
    let version = |path: &Path| match fs::read_link(path) {
        Ok(to) => Version::Link(to),
        Err(_) => {
            Version::Bytes(String::from_utf8(fs::read(path).unwrap()).map_err(|error| error.into_bytes()))
        }
    };
    files::below(folder).unwrap().into_iter().map(|path| (path.clone(), version(&path))).collect()
}

/// Every version of a file that was kept.
fn copies(workspace: &Workspace) -> BTreeSet<Version> {
    let mut kept = BTreeSet::new();
    for (path, version) in tree(&workspace.notes()) {
        if path.ends_with("saved.json") {
            let list: serde_json::Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
            let links = list["links"].as_object().unwrap().values();
            kept.extend(links.map(|to| Version::Link(to.as_str().unwrap().into())));
        } else {
            kept.insert(version);
        }
    }
    kept
}

/// One edit as people, editors and accidents make them; `count` makes each version a new one.
fn edit(workspace: &Workspace, rng: &mut Rng, count: usize) {
    let src = rng.choice(&workspace.chapters).unwrap().dir(Side::Starter).join("src");
    let file = src.join(rng.choice(["lib.rs", "lib.rs", "lib.rs", "mine.rs", "deep/mine.rs"]).unwrap());
    let before = fs::read(&file).unwrap_or_default();
    let add = |what: &[u8]| {
        fs::create_dir_all(file.parent().unwrap()).ok();
        fs::write(&file, [&before, what, format!("// {count}\n").as_bytes()].concat()).ok();
    };
    match rng.u8(..8) {
        0 | 1 => add(b""),
        2 => add(b"gr\xfc\xdfe\r\n"),
        3 => add(b"\xef\xbb\xbf"),
        4 => drop(fs::remove_file(&file)),
        5 => {
            let text = String::from_utf8_lossy(&before).replacen("// end exercise", "// ende", 1);
            fs::write(&file, text).ok();
        }
        6 => drop(fs::write(&file, files::text(&before).replace('\n', "\r\n"))),
        _ => {
            fs::remove_file(&file).ok();
            match rng.bool() {
                #[cfg(unix)]
                true => drop(std::os::unix::fs::symlink(format!("/nowhere/{count}"), &file)),
                _ => drop(fs::create_dir_all(&file)),
            }
        }
    }
}

/// One command; what keeps it from being done at all is told, and is no loss.
fn command(workspace: &Workspace, rng: &mut Rng) {
    let ids = ["1.1", "1.2", "1.3", "2.1", "1", "2"].map(|id| id.parse::<Target>().unwrap());
    let mut target = || *rng.choice(ids.iter()).unwrap();
    let targets = [target(), target()];
    let _ = match rng.u8(..8) {
        0 | 1 => solve(workspace, &targets, true).is_ok(),
        2 => solve(workspace, &targets[..1], true).is_ok(),
        3 | 4 => reset(workspace, targets[0]).is_ok(),
        5 => catch_up(workspace, 2).is_ok(),
        6 => sync(workspace, true).is_ok(),
        _ => sync(workspace, false).is_ok(),
    };
}

#[test]
fn no_sequence_of_commands_loses_a_version_of_a_file() {
    for seed in 0..500 {
        let (_folder, workspace) = workshop();
        let (mut rng, mut copies) = (Rng::with_seed(seed), BTreeSet::new());
        for count in 0..12 {
            if rng.u8(..3) == 0 {
                edit(&workspace, &mut rng, count);
                continue;
            }
            let before: BTreeSet<Version> =
                tree(&workspace.root.join("chapters")).into_values().chain(copies).collect();
            match rng.u8(..3) {
                0 => drop(undo(&workspace)),
                _ => command(&workspace, &mut rng),
            }
            copies = self::copies(&workspace);
            let after: BTreeSet<Version> =
                tree(&workspace.root.join("chapters")).into_values().chain(copies.iter().cloned()).collect();
            let lost: Vec<_> = before.difference(&after).collect();
            assert!(lost.is_empty(), "seed {seed}, step {count}: {lost:?}");
        }
    }
}

#[test]
fn undo_takes_back_one_command_whatever_came_before() {
    for seed in 0..100 {
        let (_folder, workspace) = workshop();
        let mut rng = Rng::with_seed(seed);
        let chapters = workspace.root.join("chapters");
        for count in 0..6 {
            edit(&workspace, &mut rng, count);
            let before = tree(&chapters);
            let targets = ["1.1", "1.3", "2"].map(|id| id.parse().unwrap());
            let done = match rng.u8(..3) {
                0 => solve(&workspace, &targets[..rng.usize(1..=3)], true),
                1 => reset(&workspace, targets[2]),
                _ => catch_up(&workspace, 2),
            };
            if done.is_ok() && tree(&chapters) != before {
                undo(&workspace).unwrap();
                assert_eq!(tree(&chapters), before, "seed {seed}, edit {count}");
            }
        }
    }
}
