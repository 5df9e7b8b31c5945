//! The workspace: where it is, and which chapters it has.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::chapter::{Chapter, Side};
use crate::files;
use crate::id::Id;
use crate::target;

/// The workspace and its chapters, in order.
pub struct Workspace {
    pub root: PathBuf,
    pub chapters: Vec<Chapter>,
}

impl Workspace {
    /// Finds the workspace that the current folder is in.
    pub fn find() -> Result<Workspace> {
        let here = std::env::current_dir().context("cannot tell the current folder")?;
        let root =
            here.ancestors().find(|dir| dir.join("Cargo.lock").is_file() && dir.join("solutions").is_dir());
        Workspace::open(root.context("this folder is not in the workshop; change into its folder first")?)
    }

    /// Reads all chapters of the workspace at `root`; a folder without `exercises.toml` is none yet.
    pub fn open(root: &Path) -> Result<Workspace> {
        let solutions = root.join("solutions");
        let mut folders = BTreeSet::new();
        for entry in
            fs::read_dir(&solutions).with_context(|| format!("cannot read {}", solutions.display()))?
        {
            let path = entry?.path();
            if path.join("exercises.toml").is_file() {
                folders.insert(files::relative(&path, &solutions));
            }
        }
        let chapters: Result<Vec<Chapter>> = folders.iter().map(|name| Chapter::load(root, name)).collect();
        Ok(Workspace { root: root.to_owned(), chapters: chapters? })
    }

    /// The chapter with this number; the error lists what there is.
    pub fn chapter(&self, number: u8) -> Result<&Chapter> {
        let found = self.chapters.iter().find(|chapter| chapter.number == number);
        found.with_context(|| {
            let codes: Vec<String> = self.chapters.iter().map(Chapter::code).collect();
            format!("there is no chapter {number:02}; there are {}", codes.join(", "))
        })
    }

    /// The chapter an exercise belongs to.
    pub fn chapter_of(&self, id: Id) -> Result<&Chapter> {
        let chapter = self.chapter(id.chapter)?;
        chapter.exercise(id)?;
        Ok(chapter)
    }

    /// The chapters whose crates this chapter's crate is built on, in order.
    pub fn below(&self, chapter: &Chapter) -> Result<Vec<&Chapter>> {
        let mut found = BTreeSet::new();
        let mut open = vec![chapter];
        while let Some(next) = open.pop() {
            let manifest = files::read(&next.dir(Side::Starter).join("Cargo.toml"))?;
            for (index, other) in self.chapters.iter().enumerate() {
                let used = other.number < next.number && manifest.contains(&format!("../{}\"", other.folder));
                if used && found.insert(index) {
                    open.push(other);
                }
            }
        }
        Ok(found.into_iter().map(|index| &self.chapters[index]).collect())
    }

    /// A path as an attendee types it, from the root of the workspace.
    pub fn shown(&self, path: &Path) -> String {
        files::relative(path, &self.root)
    }

    /// The folder for the toolkit's own notes; git ignores it.
    pub fn notes(&self) -> PathBuf {
        self.root.join(".workshop")
    }

    /// Where cargo puts what it builds.
    pub fn target(&self) -> PathBuf {
        target::folder(&self.root)
    }

    /// The last chapter; fails if there is none.
    pub fn last(&self) -> Result<&Chapter> {
        self.chapters
            .last()
            .with_context(|| format!("there is no chapter in {}", self.root.join("solutions").display()))
    }
}
