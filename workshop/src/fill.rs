//! `solve`, `reset`, `catch-up` and `undo`: put code in place of the attendee's, and keep theirs.

use anyhow::Result;

use crate::Done;
use crate::chapter::{Chapter, Side};
use crate::id::Target;
use crate::own;
use crate::region::Form;
use crate::saved::{self, Change};
use crate::starter::{drift, generate};
use crate::state::State;
use crate::workspace::Workspace;

/// Puts the solutions of exercises or whole chapters in.
pub fn solve(workspace: &Workspace, targets: &[Target]) -> Done {
    for &target in targets {
        put(workspace, "solve", target, Form::Solved, "holds the solution")?;
    }
    Ok(true)
}

/// Puts the starter of an exercise or of a whole chapter back.
pub fn reset(workspace: &Workspace, target: Target) -> Done {
    let mut state = State::load(workspace);
    state.forget_hints(|id| target.exercise().map_or(id.chapter == target.chapter(), |only| only == id));
    state.save(workspace)?;
    put(workspace, "reset", target, Form::Open, "is as it was given")
}

fn put(workspace: &Workspace, word: &str, target: Target, form: Form<'_>, now: &str) -> Done {
    match target {
        Target::Exercise(id) => {
            let changes = own::rewritten(workspace.chapter_of(id)?, id, form)?;
            apply(workspace, &format!("{word} {id}"), changes, &format!("Exercise {id} {now}."))
        }
        Target::Chapter(number) => {
            let chapter = workspace.chapter(number)?;
            let (code, changes) = (chapter.code(), whole(chapter, form)?);
            apply(workspace, &format!("{word} {code}"), changes, &format!("Chapter {code} {now}."))
        }
    }
}

/// Puts the solutions of all chapters before this one in.
pub fn catch_up(workspace: &Workspace, number: u8) -> Done {
    let code = workspace.chapter(number)?.code();
    let mut changes = Vec::new();
    for before in workspace.chapters.iter().filter(|before| before.number < number) {
        changes.extend(whole(before, Form::Solved)?);
    }
    let now = format!("All chapters before {code} hold their solutions.");
    apply(workspace, &format!("catch-up {code}"), changes, &now)
}

/// Brings back what the last of these commands replaced.
pub fn undo(workspace: &Workspace) -> Done {
    match saved::undo(workspace)? {
        Some((what, copies)) => println!("'{what}' is undone. What was there until now is in {copies}"),
        None => println!("There is nothing to undo."),
    }
    Ok(true)
}

fn apply(workspace: &Workspace, what: &str, changes: Vec<Change>, now: &str) -> Done {
    if changes.is_empty() {
        println!("{now}");
    } else {
        let saved = saved::apply(workspace, what, &changes)?;
        println!("{now}\nWhat was there before is in {saved}\n`cargo workshop undo` brings it back.");
    }
    Ok(true)
}

/// What makes the files of a chapter what they are with every region in this form.
fn whole(chapter: &Chapter, form: Form<'_>) -> Result<Vec<Change>> {
    let src = chapter.dir(Side::Starter).join("src");
    let drift = drift(chapter, generate(chapter, |_| form)?)?;
    Ok(drift.into_iter().map(|file| Change { path: src.join(file.path), text: file.wanted }).collect())
}
