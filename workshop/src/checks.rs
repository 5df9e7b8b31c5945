//! `checks.toml`: what a chapter's tests were when its author last ran `sync`.
//!
//! A test that was deleted, a file that was emptied or a snapshot that was edited
//! must never count as a passed exercise; this detects it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::chapter::{Chapter, Side};
use crate::files;
use crate::id::Id;

const HEAD: &str = "# Written by `cargo workshop sync`: fingerprints of tests, snapshots and starters.\n\n";

/// The fingerprints of a chapter's files, by their path below its folder, and the tests of each exercise.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checks {
    /// Tests, snapshots, and what makes a fleet of the chapter.
    pub files: BTreeMap<String, String>,
    /// The generated starter: a file that still equals it is nobody's own work.
    pub starter: BTreeMap<String, String>,
    pub tests: BTreeMap<Id, Vec<String>>,
}

/// A test or snapshot that is not what the author left.
#[derive(Debug)]
pub struct Tampered {
    pub path: PathBuf,
    pub gone: bool,
    /// As it should be.
    pub fingerprint: String,
}

impl Checks {
    /// What `checks.toml` says; an error says how to make it.
    pub fn load(chapter: &Chapter) -> Result<Checks> {
        let path = Checks::path(chapter);
        let text = files::read_if_there(&path)?;
        let text =
            text.with_context(|| format!("{} is missing; run: cargo workshop sync", path.display()))?;
        toml::from_str(&text).with_context(|| format!("in {}", path.display()))
    }

    /// What it should say now, given the files of the starter.
    pub fn gather(chapter: &Chapter, starter: &BTreeMap<String, String>) -> Result<Checks> {
        let dir = chapter.dir(Side::Starter);
        let mut checks = Checks::default();
        let (tests, world) = (dir.join("tests"), dir.join("world"));
        let given = [files::below_with(&tests, &["rs", "snap"])?, files::below_with(&world, &["rs"])?];
        for path in given.concat() {
            let text = files::read(&path)?;
            if path.extension().is_some_and(|extension| extension == "rs") {
                for test in exercise_tests(&text) {
                    if let Some(id) = exercise_of(test) {
                        checks.tests.entry(id).or_default().push(test.to_owned());
                    }
                }
            }
            checks.files.insert(files::relative(&path, &dir), files::fingerprint(&text));
        }
        for (path, text) in starter {
            checks.starter.insert(format!("src/{path}"), files::fingerprint(text));
        }
        Ok(checks)
    }

    /// The text of `checks.toml`.
    pub fn text(&self) -> Result<String> {
        Ok(HEAD.to_owned() + &toml::to_string(self)?)
    }

    /// Where `checks.toml` is.
    pub fn path(chapter: &Chapter) -> PathBuf {
        chapter.dir(Side::Solution).join("checks.toml")
    }

    /// Tests in the order of their source, which explains most: a test program lists them by name.
    pub fn in_order(&self, mut tests: Vec<String>) -> Vec<String> {
        let place = |test: &String| {
            let id = exercise_of(test);
            let known = id.and_then(|id| self.tests.get(&id));
            let name = test.rsplit("::").next().unwrap_or(test);
            (id, known.and_then(|known| known.iter().position(|each| each == name)).unwrap_or(usize::MAX))
        };
        tests.sort_by_key(place);
        tests
    }

    /// The first test or snapshot in `dir` that is missing or has been changed.
    pub fn tampered(&self, dir: &Path) -> Result<Option<Tampered>> {
        for (name, fingerprint) in &self.files {
            let path = dir.join(name);
            let text = files::read_if_there(&path)?;
            if text.as_deref().map(files::fingerprint).as_ref() != Some(fingerprint) {
                let fingerprint = fingerprint.clone();
                return Ok(Some(Tampered { path, gone: text.is_none(), fingerprint }));
            }
        }
        Ok(None)
    }
}

/// The exercise a test belongs to: `ex_1_2_…` to 1.2, any other to none.
pub fn exercise_of(test: &str) -> Option<Id> {
    let name = test.rsplit("::").next()?.strip_prefix("ex_")?;
    let mut parts = name.split('_');
    let id = format!("{}.{}", parts.next()?, parts.next()?);
    id.parse().ok()
}

/// The names of functions that are tests of exercises.
pub fn exercise_tests(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let (before, rest) = line.split_once("fn ex_")?;
        let plain = matches!(before.trim(), "" | "async" | "pub");
        let end = rest.find(|c: char| c != '_' && !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let start = before.len() + "fn ".len();
        plain.then(|| &line[start..start + "ex_".len() + end])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_belongs_to_the_exercise_it_is_named_after() {
        let id = Id { chapter: 1, number: 2 };
        assert_eq!(exercise_of("ex_1_2_stamp"), Some(id));
        assert_eq!(exercise_of("module::ex_1_2"), Some(id));
        assert_eq!(exercise_of("given_1_2"), None);
        assert_eq!(exercise_of("ex_one"), None);
    }

    #[test]
    fn tests_are_found_in_the_text() {
        let text =
            "#[test]\nfn ex_1_1_a() {\n    // fn ex_1_2_b() {\n}\nasync fn ex_1_3() {}\nfn given() {}\n";
        assert_eq!(exercise_tests(text).collect::<Vec<_>>(), ["ex_1_1_a", "ex_1_3"]);
    }
}
