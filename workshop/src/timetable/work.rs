//! What the speaker reads where the room begins to work: the exercises, their minutes, and what each plan does instead.

use std::collections::BTreeMap;

use anyhow::Result;

use crate::id::Id;
use crate::timetable::plan::{Plan, Timetable};
use crate::timetable::talk::talks;
use crate::workspace::Workspace;

/// Markdown for each block of the decks whose names begin so, by its first exercise.
pub fn work(workspace: &Workspace, table: &Timetable, wanted: &str) -> Result<BTreeMap<String, String>> {
    let talks = talks(workspace, wanted)?;
    let blocks = talks.iter().flat_map(|talk| &talk.parts).map(|part| part.exercises.as_slice());
    let mut work = BTreeMap::new();
    for block in blocks {
        if let Some(first) = block.first() {
            work.insert(first.to_string(), text(workspace, table, block)?);
        }
    }
    Ok(work)
}

fn text(workspace: &Workspace, table: &Timetable, block: &[Id]) -> Result<String> {
    let minutes = |ids: &[Id]| -> Result<u32> {
        // The same sum as in the plan.
        let minutes = |&id| Ok(table.with_reading(workspace.chapter_of(id)?.exercise(id)?.minutes));
        ids.iter().map(minutes).sum()
    };
    let what = if block.len() == 1 { "exercise" } else { "exercises" };
    let mut text = format!("**After this slide {what} {}, {} minutes.**\n\n", list(block), minutes(block)?);
    for plan in &table.plans {
        let (left_out, solved): (Vec<Id>, Vec<Id>) = block.iter().partition(|id| plan.solve.contains(id));
        // A plan that leaves out a whole chapter does not show its deck.
        if left_out.is_empty() || !block.iter().any(|id| plan.teaches(id.chapter)) {
            continue;
        }
        let done = match solved.as_slice() {
            [] => "none".to_owned(),
            solved => format!("{} only, {} minutes", list(solved), minutes(solved)?),
        };
        let are = if left_out.len() == 1 { "is" } else { "are" };
        text += &format!("- {}: {done}; {} {are} filled in.\n", said(plan), list(&left_out));
    }
    Ok(text)
}

/// `2.1`, `2.1 and 2.2`, `2.1 to 2.3`, or `2.1, 2.2 and 2.4`.
fn list(ids: &[Id]) -> String {
    let names: Vec<String> = ids.iter().map(Id::to_string).collect();
    let follows = |pair: &[Id]| pair[0].number + 1 == pair[1].number;
    match names.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first, .., last] if names.len() > 2 && ids.windows(2).all(follows) => format!("{first} to {last}"),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// `one-day` as it begins a sentence.
fn said(plan: &Plan) -> String {
    let mut letters = plan.name.chars().map(|letter| if letter == '-' { ' ' } else { letter });
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exercises_are_listed_as_one_says_them() {
        let said = |numbers: &[u8]| {
            list(&numbers.iter().map(|&number| Id { chapter: 2, number }).collect::<Vec<_>>())
        };
        assert_eq!(said(&[1]), "2.1");
        assert_eq!(said(&[1, 2]), "2.1 and 2.2");
        assert_eq!(said(&[1, 2, 3]), "2.1 to 2.3");
        assert_eq!(said(&[1, 2, 4]), "2.1, 2.2 and 2.4");
    }
}
