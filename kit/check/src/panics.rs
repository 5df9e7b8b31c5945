//! Panics that say which exercise they belong to.
//!
//! A panic in a handler or a task reaches a test only as a cancelled request.
//! The hook sees it where it happens, so the story can begin there.

use std::any::Any;
use std::backtrace::Backtrace;
use std::cell::Cell;
use std::panic::{self, Location};
use std::path::Path;
use std::sync::Once;
use std::thread;

use crate::report::{Report, runner_listens};

/// What the process exits with when it reaches an exercise that is still open.
const OPEN: i32 = 102;

thread_local! {
    static SEEN: Cell<u32> = const { Cell::new(0) };
}

/// How many panics there were in this thread.
pub fn seen() -> u32 {
    SEEN.get()
}

/// Installs the hook, once in a process.
pub fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let default = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            SEEN.set(SEEN.get() + 1);
            let message = message(info.payload());
            let place = info.location();
            if !runner_listens() {
                if let Some(open) = open(&message) {
                    eprintln!("exercise still open: {open} ({})", at(place));
                }
                return default(info);
            }
            if let Some(open) = open(&message) {
                located(Report::new("open").text("exercise", open), place).send();
                // The rest of the test would only show what follows from the gap.
                std::process::exit(OPEN);
            }
            let thread = thread::current();
            let report = Report::new("panic").text("message", &message);
            let report = report.text("thread", thread.name().unwrap_or("unnamed"));
            match place.filter(|place| Path::new(place.file()).is_absolute()).and_then(|_| caller()) {
                Some((file, line)) => report.text("file", &file).number("line", line),
                None => located(report, place),
            }
            .send();
        }));
    });
}

/// Where a chapter called the library that panics: the line that an attendee can change.
fn caller() -> Option<(String, u32)> {
    // In full: the short form leaves out the folder that the test runs in.
    format!("{:#}", Backtrace::force_capture()).lines().find_map(in_chapter)
}

/// The file and the line of a frame of a backtrace, if it is in a chapter's sources.
fn in_chapter(frame: &str) -> Option<(String, u32)> {
    let (_, place) = frame.trim().strip_prefix("at ")?.split_once("chapters/")?;
    let (file, position) = place.split_once(".rs:")?;
    let line = position.split(':').next()?.parse().ok()?;
    file.contains("/src/").then(|| (format!("chapters/{file}.rs"), line))
}

/// What follows `todo!()`'s own words: "1.2: Title" for an exercise, empty for a bare `todo!()`.
fn open(message: &str) -> Option<&str> {
    let rest = message.strip_prefix("not yet implemented")?;
    let rest = rest.strip_prefix(": ").unwrap_or(rest);
    Some(rest.strip_prefix("exercise ").unwrap_or(rest))
}

fn located(report: Report, place: Option<&Location<'_>>) -> Report {
    match place {
        Some(place) => report.text("file", place.file()).number("line", place.line()),
        None => report,
    }
}

fn at(place: Option<&Location<'_>>) -> String {
    place.map_or_else(|| "place unknown".to_owned(), Location::to_string)
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without a text".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_exercise_is_known_by_its_text() {
        assert_eq!(open("not yet implemented: exercise 1.2: Stamp"), Some("1.2: Stamp"));
        assert_eq!(open("not yet implemented"), Some(""));
        assert_eq!(open("index out of bounds"), None);
    }

    #[test]
    fn a_frame_of_a_chapter_is_found_among_those_of_libraries() {
        let frame = "             at /home/ann/atoll/chapters/06-antientropy/src/ticker.rs:58:14";
        assert_eq!(in_chapter(frame), Some(("chapters/06-antientropy/src/ticker.rs".into(), 58)));
        assert_eq!(in_chapter("  at /home/ann/atoll/chapters/06-antientropy/tests/check/a.rs:7:1"), None);
        assert_eq!(in_chapter("  4: core::option::expect_failed"), None);
        assert_eq!(in_chapter("  at /rustc/abc/library/core/src/option.rs:7:1"), None);
    }

    #[test]
    fn the_message_of_a_panic_is_found_in_either_form() {
        assert_eq!(message(&"a literal"), "a literal");
        assert_eq!(message(&String::from("a format")), "a format");
        assert_eq!(message(&7), "a panic without a text");
    }
}
