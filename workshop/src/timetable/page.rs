//! A plan as text.

use std::fmt::Write;

use crate::id::Id;
use crate::term::fold;
use crate::timetable::course::Course;
use crate::timetable::plan::{Day, Plan};
use crate::timetable::schedule::{Entry, What, end};

/// The name and the purpose of a plan.
pub fn heading(plan: &Plan) -> String {
    format!("{}: {}\n{}", plan.name, plan.title, fold(&plan.about.replace('\n', " "), "  "))
}

/// Its days, and what is left out.
pub fn page(plan: &Plan, course: &Course) -> String {
    let mut out = String::new();
    for (at, (day, entries)) in plan.days.iter().zip(&course.days).enumerate() {
        let name = if plan.days.len() > 1 { format!("Day {}, ", at + 1) } else { String::new() };
        let _ = writeln!(out, "\n{name}{} to {}\n", day.start, day.end);
        out += &times(entries);
        out += &sum(day, entries);
    }
    out + &left_out(plan, course)
}

/// A line for each entry; exercises that stand together have one time.
fn times(entries: &[Entry]) -> String {
    let mut out = String::new();
    let works = |entry: &&Entry| matches!(entry.what, What::Exercise(..));
    let mut before = false;
    for (at, entry) in entries.iter().enumerate() {
        let is_work = works(&entry);
        if is_work && !before {
            let block: u32 = entries[at..].iter().take_while(works).map(|entry| entry.minutes).sum();
            out += &line(entry, block, "exercises", "");
        }
        match &entry.what {
            What::Exercise(id, title) => {
                let _ = writeln!(out, "{:25}{id} {title} ({})", "", entry.minutes);
            }
            What::Talk(title) => out += &line(entry, entry.minutes, "talk", title),
            What::Show(text) => out += &line(entry, entry.minutes, "show", text),
            What::Pause => out += &line(entry, entry.minutes, "pause", ""),
            What::Lunch => out += &line(entry, entry.minutes, "lunch", ""),
            What::Fill(command) => {
                let _ = writeln!(out, "{:14}fill in    {command}", "");
            }
        }
        before = is_work;
    }
    out
}

fn line(entry: &Entry, minutes: u32, kind: &str, text: &str) -> String {
    format!("  {}  {minutes:>3}  {kind:<9}  {text}", entry.start).trim_end().to_owned() + "\n"
}

/// How the day's time is spent, and what is left of it.
fn sum(day: &Day, entries: &[Entry]) -> String {
    let minutes = |of: fn(&What) -> bool| -> u32 {
        entries.iter().filter(|entry| of(&entry.what)).map(|entry| entry.minutes).sum()
    };
    let end = end(day, entries);
    let spare = match end <= day.end {
        true => format!("  {end}  {:>3}  to spare\n", day.end - end),
        false => format!("  {end}       the end, {} min later than {}\n", end - day.end, day.end),
    };
    let talk = minutes(|what| matches!(what, What::Talk(_)));
    let show = minutes(|what| matches!(what, What::Show(_)));
    let work = minutes(|what| matches!(what, What::Exercise(..)));
    let rest = minutes(|what| matches!(what, What::Pause | What::Lunch));
    format!(
        "{spare}\n  talk {talk}, exercises with reading and questions {work}, shown {show}, pauses {rest}\n"
    )
}

/// What is left out, and how those who are behind catch up.
fn left_out(plan: &Plan, course: &Course) -> String {
    let ids: Vec<String> = plan.solve.iter().map(Id::to_string).collect();
    let mut out = String::from("\n");
    for (what, which) in [("Chapters", &course.missing), ("Exercises", &ids)] {
        if !which.is_empty() {
            out += &fold(&format!("{what} left out: {}.", which.join(", ")), "");
        }
    }
    if out.len() > 1 {
        out += "Everybody types the lines to fill in before the talk; they replace nothing else.\n";
    }
    out + "For those behind when chapter 04 begins: cargo workshop catch-up 04\n"
}
