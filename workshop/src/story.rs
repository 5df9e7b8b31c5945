//! The explanation of an exercise that has not passed: what was promised, what happened, and where.

use std::fmt::Write;

use crate::assertion::Assertion;
use crate::chapter::{Chapter, Exercise, Side};
use crate::checks::Tampered;
use crate::diagnostic::{Diagnostic, normal};
use crate::files;
use crate::git;
use crate::id::Id;
use crate::include::snapshot;
use crate::own;
use crate::runner::{LIMIT, Report, Run};
use crate::term::{Paint, fold, indent};
use crate::text_diff::Sides;
use crate::workspace::Workspace;

/// How many lines of the attendee's own output are shown.
const PRINTED: usize = 20;

/// How many panics and warnings are shown.
const TOLD: usize = 3;

/// Tells stories about the tests of one chapter.
pub struct Teller<'a> {
    pub workspace: &'a Workspace,
    pub chapter: &'a Chapter,
    pub side: Side,
    pub paint: Paint,
}

impl Teller<'_> {
    /// A test of `exercise` reached `todo!()`.
    pub fn open(&self, exercise: &Exercise, run: &Run) -> String {
        let reached = run.reports.iter().find_map(|report| match report {
            Report::Open { exercise, file, line } => Some((exercise, format!("{}:{line}", normal(file)))),
            _ => None,
        });
        let Some((text, place)) = reached else { return self.wrong(Some(exercise), run, &[]) };
        let id: Option<Id> = text.split(':').next().and_then(|id| id.parse().ok());
        match id {
            Some(id) if id == exercise.id => self.still_open(exercise, &place),
            Some(id) if id.chapter != self.chapter.number => self.unfinished(id, &place),
            Some(id) => fold(&format!("Its test needs exercise {id}, which is still open: {place}"), "  "),
            None => fold(&format!("Its test reached a todo!() of your own: {place}"), "  "),
        }
    }

    /// Nothing has been done about an exercise yet.
    pub fn still_open(&self, exercise: &Exercise, place: &str) -> String {
        let guide = format!("{}/README.md", self.workspace.shown(&self.chapter.dir(Side::Starter)));
        format!("  Still open: {place}\n  The guide:  {guide},\n              \"{}\"\n", exercise.section)
    }

    /// An exercise of an earlier chapter, which this one is built on, is open.
    pub fn unfinished(&self, id: Id, place: &str) -> String {
        let code = self.chapter.code();
        let text = format!(
            "Chapter {code} is built on your chapter {:02}, where exercise {id} is still open: {place}\n\
             Finish it first, or fill in all that comes before chapter {code} (a copy of your files is kept):\n",
            id.chapter
        );
        fold(&text, "  ") + &format!("    cargo workshop catch-up {code}\n")
    }

    /// A test of `exercise` did not end in time.
    pub fn no_answer(&self, exercise: Option<&Exercise>, run: &Run) -> String {
        let cause = exercise.and_then(|exercise| exercise.hang.as_deref());
        let cause = cause
            .unwrap_or("something waits for what never happens: a lock, a channel, or the end of a loop");
        let first = format!("No answer within {} seconds. The usual cause here: {cause}", LIMIT.as_secs());
        fold(&first, "  ") + "\n" + &self.wrong(exercise, run, &[])
    }

    /// A test failed; without an exercise it is one of those that are given.
    pub fn wrong(&self, exercise: Option<&Exercise>, run: &Run, warnings: &[Diagnostic]) -> String {
        let mut out = String::new();
        if let Some(text) = run.reports.iter().rev().find_map(promise) {
            out += &format!("  {}\n{}\n", self.paint.bold("Promised"), fold(text, "    "));
        }
        out += &self.panics(run);
        for text in run.reports.iter().filter_map(note) {
            out += &fold(&format!("Note: {text}"), "  ");
        }
        if !run.printed.is_empty() {
            let skipped = run.printed.len().saturating_sub(PRINTED);
            let last = run.printed[skipped..].join("\n");
            out += &format!("  {}\n{}\n", self.paint.bold("Printed"), indent(&last, "    "));
        }
        // A forgotten `.await` in the exercise's own code, say; other warnings would distract.
        let at =
            |warning: &Diagnostic| own::exercise_at(self.chapter, self.side, &warning.file, warning.line);
        let mine = |warning: &&Diagnostic| exercise.is_some_and(|exercise| at(warning) == Some(exercise.id));
        for warning in warnings.iter().filter(mine).take(TOLD) {
            out += &(indent(&warning.text, "  ") + "\n");
        }
        let _ = writeln!(out, "  The test:   {}", self.test_place(run));
        let solution = if self.side == Side::Solution { " --solution" } else { "" };
        let what = exercise.map_or_else(|| self.chapter.code(), |exercise| exercise.id.to_string());
        out + &format!("  Replay it:  cargo workshop check {what}{solution}\n")
    }

    /// A test or a snapshot is not what the author left.
    pub fn tampered(&self, tampered: &Tampered) -> String {
        let path = self.workspace.shown(&tampered.path);
        let what = if tampered.gone { "is missing" } else { "has been changed" };
        let is_right = |text: String| files::fingerprint(&text) == tampered.fingerprint;
        if git::committed(self.workspace, &path).is_some_and(is_right) {
            let text = format!("{path} {what}, so a pass would mean nothing. This brings it back:");
            return fold(&text, "  ") + &format!("    git checkout HEAD -- {path}\n");
        }
        let text = format!(
            "{path} {what}, so a pass would mean nothing. Git does not have it here as it was, so take this one file \
             from a fresh copy of the workshop."
        );
        fold(&text, "  ")
    }

    /// The compiler's errors, after a word on whose code they are about.
    pub fn compile(&self, errors: &[Diagnostic]) -> String {
        let here = files::relative(&self.chapter.dir(self.side), &self.chapter.root);
        // What another crate gets wrong comes first: the errors of this one may only follow from it.
        let package = errors.first().map_or(here.as_str(), |error| error.package.as_str());
        let first = errors.iter().find(|error| error.package == package);
        let (file, line) = first.map_or(("", 0), |error| (error.file.as_str(), error.line));
        let place = format!("{file}:{line}");
        let exercise = own::exercise_at(self.chapter, self.side, file, line);
        let word = if package != here {
            match self.workspace.chapters.iter().find(|other| package.ends_with(&other.folder)) {
                Some(other) => {
                    format!("Chapter {}, which this one is built on, does not compile: {place}", other.code())
                }
                None => format!("{package}, which this chapter is built on, does not compile: {place}"),
            }
        } else if let Some(id) = exercise {
            format!("The compiler stops in exercise {id}: {place}")
        } else if file.contains("/tests/") {
            format!("The test calls something that your code no longer offers: {place}")
        } else {
            self.outside(&place)
        };
        let errors = errors.iter().filter(|error| error.package == package);
        let texts: Vec<&str> = errors.map(|error| error.text.trim_end()).collect();
        format!("{}\n{}\n", fold(&word, ""), texts.join("\n\n"))
    }

    /// The compiler stops at `place`, which is in no exercise.
    fn outside(&self, place: &str) -> String {
        let changed = match self.side {
            Side::Starter => own::changed_outside(self.chapter).unwrap_or_default(),
            Side::Solution => Vec::new(),
        };
        match changed.as_slice() {
            [] => format!(
                "The compiler stops at {place}. What was given is as it was, so the cause is in an exercise: \
                 often a bracket that is missing in one that ends above this line."
            ),
            _ => format!(
                "The compiler stops at {place}. Outside of the exercises, where no edit is asked for, these \
                 files are not as they were given: {}. `cargo workshop reset {}` puts the whole chapter back, \
                 and keeps a copy of yours.",
                changed.join(", "),
                self.chapter.code()
            ),
        }
    }

    fn panics(&self, run: &Run) -> String {
        let panics: Vec<_> =
            run.reports.iter().filter(|report| matches!(report, Report::Panic { .. })).collect();
        let mut out = String::new();
        // The first ones are the cause; the last is what the test made of it.
        let told = panics.len().min(TOLD);
        let last = panics.iter().skip(told.max(panics.len().saturating_sub(1)));
        for report in panics.iter().take(told).chain(last) {
            let Report::Panic { message, thread, file, line } = report else { continue };
            let place = format!("{}:{line}", normal(file));
            let in_thread = if [run.test.as_str(), "main"].contains(&thread.as_str()) {
                String::new()
            } else {
                format!(", in thread '{thread}'")
            };
            if message.starts_with("snapshot assertion for ") {
                out += &self.snapshot(run);
            } else if place.contains("/tests/") {
                out += &self.told_by_a_test(message);
            } else {
                let head = self.paint.bold(&format!("A panic at {place}{in_thread}"));
                out += &format!("  {head}\n{}\n", indent(message, "    "));
            }
        }
        if panics.is_empty()
            && let Some(status) = run.status
        {
            let text = format!("The test's process ended before the test had finished ({status}).");
            out += &(fold(&text, "  ") + "\n");
        }
        out
    }

    /// What a test says that it found.
    fn told_by_a_test(&self, message: &str) -> String {
        let Some(assertion) = Assertion::of(message) else {
            return format!("  {}\n{}\n", self.paint.bold("What happened"), indent(message, "    "));
        };
        let (what, more) = assertion.said.split_once('\n').unwrap_or((assertion.said, ""));
        let head = if what.is_empty() { "What happened".into() } else { format!("What happened: {what}") };
        let sides = Sides { left: ("expected", &assertion.expected), right: ("yours", &assertion.yours) };
        let more =
            if more.trim().is_empty() { String::new() } else { indent(more.trim_end(), "    ") + "\n" };
        format!("  {}\n{}\n{more}", self.paint.bold(&head), indent(&sides.show(self.paint), "    "))
    }

    /// The snapshot that the test compared last, beside what was expected.
    fn snapshot(&self, run: &Run) -> String {
        let last = run.reports.iter().rev().find_map(|report| match report {
            Report::Snapshot { name, text, file, module, .. } => Some((name, text, file, module)),
            _ => None,
        });
        let Some((name, text, file, module)) = last else { return String::new() };
        let file = normal(file);
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        let path = format!("{folder}/snapshots/{}__{name}.snap", module.replace("::", "__"));
        let head = self.paint.bold(&format!("What happened: \"{name}\" is not as expected"));
        let Ok(Some(expected)) = files::read_if_there(&self.workspace.root.join(&path)) else {
            return format!(
                "  {head}\n    There is no {path} yet. It would hold:\n{}\n",
                indent(text, "    ")
            );
        };
        let sides = Sides { left: ("expected", snapshot(&expected)), right: ("yours", text) };
        format!("  {head}\n{}\n", indent(&sides.show(self.paint), "    "))
    }

    fn test_place(&self, run: &Run) -> String {
        let place = run.reports.iter().rev().find_map(|report| match report {
            Report::Panic { file, line, .. } | Report::Snapshot { file, line, .. } => {
                let file = normal(file);
                file.contains("/tests/").then(|| format!("{file}:{line}\n              "))
            }
            _ => None,
        });
        format!("{}{}", place.unwrap_or_default(), run.test)
    }
}

fn promise(report: &Report) -> Option<&str> {
    if let Report::Promise { text } = report { Some(text) } else { None }
}

fn note(report: &Report) -> Option<&str> {
    if let Report::Note { text } = report { Some(text) } else { None }
}
