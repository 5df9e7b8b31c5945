//! `timetable`: a plan with clock times, from the minutes of the decks and of the exercises.

mod blocks;
mod course;
mod page;
mod plan;
mod schedule;
mod talk;
mod work;

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};

use crate::Done;
use crate::files;
use crate::timetable::course::Course;
use crate::timetable::plan::{Plan, Timetable};
use crate::workspace::Workspace;

/// Prints a plan; without a name, what plans there are.
pub fn timetable(workspace: &Workspace, name: Option<&str>) -> Done {
    let table = load(workspace)?;
    let Some(name) = name else {
        for plan in &table.plans {
            print!("{}", page::heading(plan));
        }
        println!("\nA plan with its times: cargo workshop timetable {}", names(&table));
        return Ok(true);
    };
    let plan = table.plan(name)?;
    let course = Course::of(workspace, &table, plan)?;
    print!("{}{}", page::heading(plan), page::page(plan, &course));
    fits(plan, &course).map(|()| true)
}

/// What the speaker reads where the room begins to work, in the decks whose names begin so: Markdown for each block,
/// by its first exercise.
///
/// # Errors
/// If the blocks of a deck are not the exercises of its chapter, with the line.
pub fn work(workspace: &Workspace, wanted: &str) -> Result<BTreeMap<String, String>> {
    work::work(workspace, &load(workspace)?, wanted)
}

/// The files that show the plans, for TEACHING.md to include; none if a workshop has no timetable.
pub fn shown(workspace: &Workspace) -> Result<Vec<(PathBuf, String)>> {
    let Some(table) = Timetable::load(&workspace.root)? else { return Ok(Vec::new()) };
    let page = |plan: &Plan| {
        let path = workspace.root.join("slides/plans").join(format!("{}.txt", plan.name));
        let course = Course::of(workspace, &table, plan)?;
        Ok((path, page::page(plan, &course).trim_start().to_owned()))
    };
    table.plans.iter().map(page).collect()
}

/// All plans name only what is there, fit their days, and are shown as they are.
pub fn check(workspace: &Workspace) -> Result<()> {
    for (path, text) in shown(workspace)? {
        let stale = files::read_if_there(&path)?.as_ref() != Some(&text);
        ensure!(!stale, "{} is stale; run: cargo workshop sync", workspace.shown(&path));
    }
    let Some(table) = Timetable::load(&workspace.root)? else { return Ok(()) };
    for plan in &table.plans {
        fits(plan, &Course::of(workspace, &table, plan)?)?;
    }
    Ok(())
}

fn load(workspace: &Workspace) -> Result<Timetable> {
    Timetable::load(&workspace.root)?.context("this workshop has no slides/timetable.toml")
}

fn fits(plan: &Plan, course: &Course) -> Result<()> {
    for (at, (day, entries)) in plan.days.iter().zip(&course.days).enumerate() {
        let end = schedule::end(day, entries);
        if end > day.end {
            bail!(
                "the plan {} does not fit: on day {} it takes until {end}, {} min longer than {}; \
                 leave something out in slides/timetable.toml, or make the day longer",
                plan.name,
                at + 1,
                end - day.end,
                day.end
            );
        }
    }
    Ok(())
}

fn names(table: &Timetable) -> String {
    let names: Vec<&str> = table.plans.iter().map(|plan| plan.name.as_str()).collect();
    names.join("|")
}
