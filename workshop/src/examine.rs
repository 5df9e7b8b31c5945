//! Building and running a chapter's tests, and judging each exercise by them.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use crate::build::{self, Build};
use crate::chapter::{Chapter, Exercise, Side};
use crate::checks::{Checks, exercise_of};
use crate::diagnostic::Diagnostic;
use crate::id::Id;
use crate::own::{self, Standing};
use crate::runner::{self, End, Run};
use crate::story::Teller;
use crate::term::Paint;
use crate::workspace::Workspace;

/// How many tests run at once.
const AT_ONCE: usize = 2;

/// What is found out about an exercise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Passed,
    Open,
    Wrong,
    NoAnswer,
    DoesNotCompile,
}

/// An exercise and what its tests say about it.
#[derive(Debug, Serialize)]
pub struct Judged {
    pub id: Id,
    pub title: String,
    pub outcome: Outcome,
    pub story: Option<String>,
}

/// A failing test of given code.
#[derive(Debug, Serialize)]
pub struct Broken {
    pub test: String,
    pub story: String,
}

/// What is found out about a chapter.
#[derive(Debug, Serialize)]
pub struct Examination {
    pub chapter: String,
    pub exercises: Vec<Judged>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub given: Vec<Broken>,
    /// What is wrong with the markers of exercises in the attendee's files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<String>,
    pub seconds: f64,
    /// All exercises have the same story, and no test ran.
    #[serde(skip)]
    pub stopped: bool,
    /// The tests of given code ran too, not only those of one exercise.
    #[serde(skip)]
    pub whole: bool,
}

impl Examination {
    pub fn passed(&self) -> bool {
        self.given.is_empty() && self.exercises.iter().all(|judged| judged.outcome == Outcome::Passed)
    }
}

/// Runs the tests of a chapter, or those of one exercise.
///
/// Fails only if nothing can be said about the code, for example when a dependency is missing.
pub fn examine(
    workspace: &Workspace,
    chapter: &Chapter,
    side: Side,
    only: Option<Id>,
    paint: Paint,
) -> Result<Examination> {
    let started = Instant::now();
    let teller = Teller { workspace, chapter, side, paint };
    let exercises: Vec<&Exercise> =
        chapter.exercises.iter().filter(|exercise| only.is_none_or(|id| id == exercise.id)).collect();
    let marks = if side == Side::Starter { own::broken_marks(chapter)? } else { Vec::new() };
    let done = |exercises, given, stopped| {
        let seconds = (started.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
        Examination {
            chapter: chapter.code(),
            exercises,
            given,
            marks: marks.clone(),
            seconds,
            stopped,
            whole: only.is_none(),
        }
    };
    let stop = |outcome, story: String| {
        let judge = |exercise: &&Exercise| judged(exercise, outcome, Some(story.clone()));
        done(exercises.iter().map(judge).collect(), Vec::new(), true)
    };

    let checks = Checks::load(chapter)?;
    if side == Side::Starter {
        if let Some((id, place)) = unfinished(workspace, chapter)? {
            return Ok(stop(Outcome::Open, teller.unfinished(id, &place)));
        }
        if let Some(tampered) = checks.tampered(&chapter.dir(Side::Starter))? {
            return Ok(stop(Outcome::Wrong, teller.tampered(&tampered)));
        }
    }
    let build = build::tests(&workspace.root, &workspace.target(), &chapter.package(side), paint.0)?;
    let (program, warnings) = match build {
        Build::Ready { program, warnings } => (program, warnings),
        Build::Failed(errors) => return Ok(stop(Outcome::DoesNotCompile, teller.compile(&errors))),
    };

    let dir = chapter.dir(side);
    let tests = checks.in_order(runner::list(&program, &dir)?);
    let run = |test: &str| runner::run(&program, &dir, &workspace.root, test);
    let judged = at_once(&exercises, |exercise| {
        let tests = tests.iter().filter(|test| exercise_of(test) == Some(exercise.id));
        judge(exercise, tests, &run, &teller, &warnings)
    })?;
    let given: Vec<&String> =
        tests.iter().filter(|test| exercise_of(test).is_none() && only.is_none()).collect();
    let given = at_once(&given, |test| {
        let run = run(test)?;
        Ok((run.end != End::Passed)
            .then(|| Broken { test: run.test.clone(), story: teller.wrong(None, &run, &[]) }))
    })?;
    Ok(done(judged, given.into_iter().flatten().collect(), false))
}

/// Runs the tests of an exercise up to the first that fails.
fn judge<'t>(
    exercise: &Exercise,
    tests: impl Iterator<Item = &'t String>,
    run: &impl Fn(&str) -> Result<Run>,
    teller: &Teller<'_>,
    warnings: &[Diagnostic],
) -> Result<Judged> {
    let mut ran = false;
    for test in tests {
        let run = run(test)?;
        // A starter to be fixed fails: that is open, not wrong.
        let untouched = teller.side == Side::Starter
            && matches!(own::standing(teller.chapter, exercise.id), Ok(Standing::Untouched));
        let (outcome, story) = match run.end {
            End::Passed => {
                ran = true;
                continue;
            }
            End::Open => (Outcome::Open, teller.open(exercise, &run)),
            End::NoAnswer | End::Failed if untouched => {
                let place = own::place(teller.chapter, exercise.id)?;
                let story =
                    teller.still_open(exercise, &place) + "\n" + &teller.wrong(Some(exercise), &run, &[]);
                (Outcome::Open, story)
            }
            End::NoAnswer => (Outcome::NoAnswer, teller.no_answer(Some(exercise), &run)),
            End::Failed => (Outcome::Wrong, teller.wrong(Some(exercise), &run, warnings)),
        };
        return Ok(judged(exercise, outcome, Some(story)));
    }
    Ok(match ran {
        true => judged(exercise, Outcome::Passed, None),
        false => judged(
            exercise,
            Outcome::Wrong,
            Some("  It has no test, so nothing shows that it is right.\n".into()),
        ),
    })
}

fn judged(exercise: &Exercise, outcome: Outcome, story: Option<String>) -> Judged {
    Judged { id: exercise.id, title: exercise.title.clone(), outcome, story }
}

/// The first exercise of the chapters below that is still the starter, and where it is.
fn unfinished(workspace: &Workspace, chapter: &Chapter) -> Result<Option<(Id, String)>> {
    for below in workspace.below(chapter)? {
        for exercise in &below.exercises {
            // Lost markers are no reason to stop: the code may be right, and the compiler will tell.
            if matches!(own::standing(below, exercise.id), Ok(Standing::Untouched)) {
                return Ok(Some((exercise.id, own::place(below, exercise.id)?)));
            }
        }
    }
    Ok(None)
}

/// Does the same for every item, a few at a time, and gives the results in the order of the items.
pub fn at_once<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> Result<R> + Sync) -> Result<Vec<R>> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(items.len()) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else { break };
                    let result = work(item);
                    if let Ok(mut done) = done.lock() {
                        done.push((index, result));
                    }
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}
