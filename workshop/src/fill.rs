//! `solve`, `reset`, `catch-up` and `undo`: replace the attendee's code, and keep a copy.

use std::collections::BTreeSet;

use anyhow::Result;

use crate::Done;
use crate::chapter::{Chapter, Side};
use crate::id::{Id, Target};
use crate::own;
use crate::region::Form;
use crate::saved::{self, Change};
use crate::starter::{Drift, drift, generate};
use crate::state::State;
use crate::term;
use crate::workspace::Workspace;

/// Puts the solutions of exercises or whole chapters in. Asks before it does so with a chapter, unless that is wanted:
/// `yes`.
pub fn solve(workspace: &Workspace, targets: &[Target], yes: bool) -> Done {
    exist(workspace, targets)?;
    let whole = targets.iter().filter(|target| target.exercise().is_none());
    let codes: Vec<String> = whole.map(|target| format!("{:02}", target.chapter())).collect();
    let puts = format!(
        "This fills in the solution of every exercise of chapter {}; a copy of your files is kept.",
        codes.join(" and ")
    );
    if !codes.is_empty() && !yes && !term::confirm(&puts)? {
        return Ok(true);
    }
    put(workspace, "solve", targets, Form::Solved, "holds the solution")
}

/// Puts the starter of an exercise or of a whole chapter back.
pub fn reset(workspace: &Workspace, target: Target) -> Done {
    exist(workspace, &[target])?;
    put(workspace, "reset", &[target], Form::Open, "is the starter again")?;
    let mut state = State::load(workspace);
    state.forget_hints(|id| target.exercise().map_or(id.chapter == target.chapter(), |only| only == id));
    state.save(workspace);
    Ok(true)
}

fn exist(workspace: &Workspace, targets: &[Target]) -> Result<()> {
    for target in targets {
        match target {
            Target::Chapter(number) => workspace.chapter(*number)?,
            Target::Exercise(id) => workspace.chapter_of(*id)?,
        };
    }
    Ok(())
}

/// Does it for all targets or for none, as one command that one `undo` takes back.
fn put(workspace: &Workspace, word: &str, targets: &[Target], form: Form<'_>, now: &str) -> Done {
    let (mut what, mut said, mut changes) = (word.to_owned(), String::new(), Vec::new());
    for chapter in &workspace.chapters {
        let here = || targets.iter().filter(|target| target.chapter() == chapter.number);
        if here().any(|target| target.exercise().is_none()) {
            what += &format!(" {}", chapter.code());
            said += &format!("Chapter {} {now}.\n", chapter.code());
            changes.extend(whole(chapter, form)?);
            continue;
        }
        let ids: BTreeSet<Id> = here().filter_map(|target| target.exercise()).collect();
        for id in &ids {
            what += &format!(" {id}");
            said += &format!("Exercise {id} {now}.\n");
        }
        changes.extend(own::rewritten(chapter, &Vec::from_iter(ids), form)?);
    }
    apply(workspace, &what, &changes, &said)
}

/// Puts the solutions of all chapters before this one in.
pub fn catch_up(workspace: &Workspace, number: u8) -> Done {
    let code = workspace.chapter(number)?.code();
    let mut changes = Vec::new();
    for before in workspace.chapters.iter().filter(|before| before.number < number) {
        changes.extend(whole(before, Form::Solved)?);
    }
    let now = format!("All chapters before {code} hold their solutions.\n");
    apply(workspace, &format!("catch-up {code}"), &changes, &now)
}

/// Brings back what the last of these commands replaced.
pub fn undo(workspace: &Workspace) -> Done {
    match saved::undo(workspace)? {
        Some((what, copies)) => println!("'{what}' is undone. What was there until now is in {copies}"),
        None => println!("There is nothing to undo."),
    }
    Ok(true)
}

fn apply(workspace: &Workspace, what: &str, changes: &[Change], now: &str) -> Done {
    if changes.is_empty() {
        print!("{now}");
    } else {
        let saved = saved::apply(workspace, what, changes)?;
        println!("{now}What was there before is in {saved}\n`cargo workshop undo` restores it.");
    }
    Ok(true)
}

/// What makes the files of a chapter what they are with every region in this form.
pub fn whole(chapter: &Chapter, form: Form<'_>) -> Result<Vec<Change>> {
    let src = chapter.dir(Side::Starter).join("src");
    let drift = drift(chapter, generate(chapter, |_| form)?)?;
    let change = |file: Drift| Change { path: src.join(file.path), to: file.wanted.map(String::into_bytes) };
    Ok(drift.into_iter().map(change).collect())
}

#[cfg(test)]
#[path = "fill_tests.rs"]
mod tests;
