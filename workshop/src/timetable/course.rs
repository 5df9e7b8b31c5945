//! What a plan comes to: the decks and exercises that it names, with their minutes, laid out in days.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};

use crate::chapter::Chapter;
use crate::id::Id;
use crate::timetable::plan::{Part, Plan, Timetable};
use crate::timetable::schedule::{Entry, What, lay_out};
use crate::timetable::talk::{Talk, talks};
use crate::workspace::Workspace;

/// The days of a plan.
pub struct Course {
    /// One for each day of the plan.
    pub days: Vec<Vec<Entry>>,
    /// Chapters of which nothing is taught.
    pub missing: Vec<String>,
}

impl Course {
    /// Lays the plan out.
    ///
    /// # Errors
    /// If it names a deck or an exercise that is not there, or the same twice; where a deck is none.
    pub fn of(workspace: &Workspace, table: &Timetable, plan: &Plan) -> Result<Course> {
        let place = || format!("in slides/timetable.toml, plan {}", plan.name);
        let mut order =
            Order { workspace, table, plan, talks: talks(workspace, "")?, taught: BTreeSet::new() };
        let mut days = Vec::new();
        for day in &plan.days {
            let items = order.items(&day.teach).with_context(place)?;
            days.push(lay_out(table, day, items));
        }
        for &id in &plan.solve {
            workspace.chapter_of(id).with_context(place)?;
            let is_taught = order.taught.contains(&id.chapter);
            ensure!(is_taught, "{}: {id} is left out, and so is its whole chapter", place());
        }
        let missing = workspace.chapters.iter().filter(|chapter| !order.taught.contains(&chapter.number));
        Ok(Course { days, missing: missing.map(Chapter::code).collect() })
    }
}

/// Goes through a plan in the order of teaching.
struct Order<'a> {
    workspace: &'a Workspace,
    table: &'a Timetable,
    plan: &'a Plan,
    talks: Vec<Talk>,
    /// The numbers of decks so far.
    taught: BTreeSet<u8>,
}

impl Order<'_> {
    fn items(&mut self, parts: &[Part]) -> Result<Vec<(u32, What)>> {
        let mut items = Vec::new();
        for part in parts {
            match part {
                Part::Show { show, minutes } => items.push((*minutes, What::Show(show.clone()))),
                Part::Deck(code) => self.deck(code, &mut items)?,
            }
        }
        Ok(items)
    }

    /// The talk of a deck, with the exercises of its chapter where the deck has them; before them, what is to fill in.
    fn deck(&mut self, code: &str, items: &mut Vec<(u32, What)>) -> Result<()> {
        let number: u8 = code.parse().with_context(|| format!("'{code}' is not a deck number"))?;
        let last = self.taught.last().copied();
        ensure!(last.is_none_or(|last| last < number), "{code} is taught twice, or after a later one");
        let talk = self.talks.iter().find(|talk| talk.number == number);
        let chapter = self.workspace.chapters.iter().find(|chapter| chapter.number == number);
        ensure!(talk.is_some() || chapter.is_some(), "there is neither a deck nor a chapter {code}");
        items.extend(chapter.and_then(|chapter| self.fill_in(chapter)));
        for piece in talk.iter().flat_map(|talk| talk.pieces(&self.plan.solve)) {
            items.push((piece.minutes, What::Talk(piece.title)));
            for id in piece.exercises {
                items.push(self.exercise(id)?);
            }
        }
        if talk.is_none() {
            let ids = chapter.iter().flat_map(|chapter| &chapter.exercises).map(|exercise| exercise.id);
            for id in ids.filter(|id| !self.plan.solve.contains(id)) {
                items.push(self.exercise(id)?);
            }
        }
        self.taught.insert(number);
        Ok(())
    }

    fn exercise(&self, id: Id) -> Result<(u32, What)> {
        let exercise = self.workspace.chapter_of(id)?.exercise(id)?;
        Ok((self.table.with_reading(exercise.minutes), What::Exercise(id, exercise.title.clone())))
    }

    /// What everybody types before a chapter: its exercises that are left out, and the chapters that were passed over.
    fn fill_in(&self, chapter: &Chapter) -> Option<(u32, What)> {
        let last = self.taught.last().copied().unwrap_or_default();
        let passed = self.workspace.chapters.iter();
        let passed = passed.filter(|other| last < other.number && other.number < chapter.number);
        let left_out = self.plan.solve.iter().filter(|id| id.chapter == chapter.number);
        let targets: Vec<String> = passed.map(Chapter::code).chain(left_out.map(Id::to_string)).collect();
        let command = format!("cargo workshop solve {}", targets.join(" "));
        (!targets.is_empty()).then_some((0, What::Fill(command)))
    }
}
