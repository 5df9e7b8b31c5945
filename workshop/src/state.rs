//! What the toolkit remembers between two calls, in `.workshop/state.json`.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Error, Result};
use serde::{Deserialize, Serialize};

use crate::chapter::Chapter;
use crate::examine::{Examination, Outcome};
use crate::files;
use crate::id::Id;
use crate::own::{self, Standing};
use crate::term;
use crate::workspace::Workspace;

const VERSION: u32 = 1;

/// Hints that were shown and outcomes of checks, by exercise.
#[derive(Serialize, Deserialize)]
pub struct State {
    version: u32,
    #[serde(default)]
    pub hints: BTreeMap<Id, usize>,
    #[serde(default)]
    outcomes: BTreeMap<Id, Remembered>,
    /// By chapter, a test that passed as given and failed in the last check of the whole.
    #[serde(default)]
    faults: BTreeMap<u8, String>,
}

#[derive(Serialize, Deserialize)]
struct Remembered {
    outcome: Outcome,
    /// Of the chapter's code when it was checked.
    fingerprint: String,
}

/// The state of an exercise, as far as it is known without running its tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Known {
    Open,
    Wrong,
    Passed,
}

impl Default for State {
    fn default() -> State {
        State { version: VERSION, hints: BTreeMap::new(), outcomes: BTreeMap::new(), faults: BTreeMap::new() }
    }
}

impl State {
    /// What was remembered. A file that cannot be read is set aside with a word: it is never worth a failure.
    pub fn load(workspace: &Workspace) -> State {
        let path = workspace.notes().join("state.json");
        let Ok(Some(text)) = files::read_if_there(&path) else { return State::default() };
        match serde_json::from_str::<State>(&text) {
            Ok(state) if state.version == VERSION => state,
            _ => {
                let aside = path.with_extension("json.old");
                // When even that fails, the file is replaced at the next check.
                let _ = fs::rename(&path, &aside);
                term::warn(&format!(
                    "the record of past checks could not be read; it is now {}",
                    workspace.shown(&aside)
                ));
                State::default()
            }
        }
    }

    /// Saves it. A command gives its answer even if it can't be saved.
    pub fn save(&self, workspace: &Workspace) {
        let text = serde_json::to_string_pretty(self).map_err(Error::from);
        let path = workspace.notes().join("state.json");
        if let Err(error) = text.and_then(|text| files::write(&path, text)) {
            term::warn(&format!(
                "this is not remembered for `list`, `next` and `hint`: {error:#}. See who owns that folder, and whether the \
                 disk is full."
            ));
        }
    }

    /// Remembers what a check found. Code that does not compile says nothing about its exercises.
    pub fn remember(&mut self, chapter: &Chapter, examination: &Examination) -> Result<()> {
        if examination.whole {
            self.faults.remove(&chapter.number);
            self.faults.extend(examination.given.first().map(|broken| (chapter.number, broken.test.clone())));
        }
        let fingerprint = own::fingerprint(chapter)?;
        for judged in &examination.exercises {
            if judged.outcome != Outcome::DoesNotCompile {
                let fingerprint = fingerprint.clone();
                self.outcomes.insert(judged.id, Remembered { outcome: judged.outcome, fingerprint });
            }
        }
        Ok(())
    }

    /// How an exercise stands: what a check of this very code found; otherwise what the code says for certain; otherwise what
    /// an earlier check found.
    pub fn known(&self, chapter: &Chapter, id: Id) -> Known {
        let standing = own::standing(chapter, id);
        let is_fresh = own::fingerprint(chapter).is_ok_and(|fingerprint| !self.is_stale(id, &fingerprint));
        match (self.outcomes.get(&id).map(|remembered| remembered.outcome), standing) {
            (_, Ok(Standing::Untouched)) => Known::Open,
            (Some(Outcome::Wrong | Outcome::NoAnswer), _) if is_fresh => Known::Wrong,
            (Some(Outcome::Passed), _) | (_, Ok(Standing::Solution)) => Known::Passed,
            (Some(Outcome::Wrong | Outcome::NoAnswer), _) => Known::Wrong,
            (Some(Outcome::Open | Outcome::DoesNotCompile) | None, _) => Known::Open,
        }
    }

    /// Whether the last check of an exercise found it right.
    pub fn has_passed(&self, id: Id) -> bool {
        self.outcomes.get(&id).is_some_and(|remembered| remembered.outcome == Outcome::Passed)
    }

    /// The first chapter up to this one in which given code is broken, and the test that says so.
    pub fn fault<'a>(&self, workspace: &'a Workspace, number: u8) -> Option<(&'a Chapter, &str)> {
        let (number, test) = self.faults.iter().find(|(chapter, _)| **chapter <= number)?;
        Some((workspace.chapter(*number).ok()?, test))
    }

    /// The first exercise before this one that the last check found wrong, and that has not been edited since.
    pub fn wrong_before(&self, workspace: &Workspace, id: Id) -> Option<Id> {
        let chapters = workspace.chapters.iter().filter(|chapter| chapter.number <= id.chapter);
        let all = chapters.flat_map(|chapter| chapter.exercises.iter().map(move |each| (chapter, each.id)));
        let mut before =
            all.filter(|(chapter, each)| *each < id && self.known(chapter, *each) == Known::Wrong);
        before.next().map(|(_, each)| each)
    }

    /// Begins again with the hints of these exercises.
    pub fn forget_hints(&mut self, ids: impl Fn(Id) -> bool) {
        self.hints.retain(|id, _| !ids(*id));
    }

    /// Whether the chapter's code has changed since the exercise was checked.
    pub fn is_stale(&self, id: Id, fingerprint: &str) -> bool {
        self.outcomes.get(&id).is_some_and(|remembered| remembered.fingerprint != fingerprint)
    }

    /// The first exercise that hasn't passed.
    pub fn first_open<'a>(&self, workspace: &'a Workspace) -> Option<(&'a Chapter, Id)> {
        workspace.chapters.iter().find_map(|chapter| Some((chapter, self.first_open_in(chapter)?)))
    }

    /// The first exercise of a chapter that hasn't passed.
    pub fn first_open_in(&self, chapter: &Chapter) -> Option<Id> {
        chapter.exercises.iter().map(|each| each.id).find(|id| self.known(chapter, *id) != Known::Passed)
    }

    /// The chapter the attendee is at, and the exercise: none when all have passed.
    pub fn current<'a>(&self, workspace: &'a Workspace) -> Result<(&'a Chapter, Option<Id>)> {
        match self.first_open(workspace) {
            Some((chapter, id)) => Ok((chapter, Some(id))),
            None => Ok((workspace.last()?, None)),
        }
    }
}
