//! What `verify` builds and runs, in a copy of the workspace: an attendee's path, the solution, and
//! every plausible wrong answer.

use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::build::{self, Build};
use crate::chapter::{Chapter, Exercise, Side};
use crate::checks::exercise_of;
use crate::examine::at_once;
use crate::files;
use crate::mutant::Mutant;
use crate::region::Form;
use crate::runner::{self, End, Report, Run};
use crate::scratch;
use crate::starter::generate;
use crate::workspace::Workspace;

/// A chapter in the copy of the workspace.
pub struct Proof<'a> {
    pub scratch: &'a Workspace,
    pub chapter: &'a Chapter,
}

impl Proof<'_> {
    /// With the first `solved` exercises done, their tests and the given ones pass, and those of the next do not.
    ///
    /// What is still open is the next exercise, and never one that the attendee has yet to come to.
    pub fn step(&self, solved: usize) -> Result<()> {
        let done: Vec<_> = self.chapter.exercises.iter().take(solved).map(|exercise| exercise.id).collect();
        let form = |id| if done.contains(&id) { Form::Solved } else { Form::Open };
        scratch::fill(self.chapter, &generate(self.chapter, |region| form(region.id))?)?;
        let next = self.chapter.exercises.get(solved);
        let runs = self.run(Side::Starter, |test| match exercise_of(test) {
            Some(id) => done.contains(&id) || next.is_some_and(|next| next.id == id),
            None => true,
        })?;
        let is_next = |run: &Run| next.is_some_and(|next| exercise_of(&run.test) == Some(next.id));
        for run in runs.iter().filter(|run| !is_next(run)) {
            ensure!(run.end == End::Passed, "{} {}", run.test, ended(run));
        }
        let Some(next) = next else { return Ok(()) };
        ensure!(
            runs.iter().any(|run| is_next(run) && run.end != End::Passed),
            "{} passes while it is open",
            next.id
        );
        for run in runs.iter().filter(|run| is_next(run)) {
            reaches_itself(next, run)?;
        }
        Ok(())
    }

    /// The solution passes every test, and every test says what it promises.
    pub fn solution(&self) -> Result<()> {
        let runs = self.run(Side::Solution, |_| true)?;
        ensure!(!runs.is_empty(), "it has no tests");
        for run in &runs {
            ensure!(run.end == End::Passed, "{} {}", run.test, ended(run));
            let promises = run.reports.iter().any(|report| matches!(report, Report::Promise { .. }));
            ensure!(promises, "{} does not begin with check::promise", run.test);
        }
        Ok(())
    }

    /// The program of the tests with this mutant in it, under a name that the next build leaves alone: a linker makes a
    /// new file.
    ///
    /// # Errors
    /// If the mutant does not compile.
    pub fn mutate(&self, mutant: &Mutant) -> Result<PathBuf> {
        scratch::fill(self.chapter, &generate(self.chapter, mutant.form(self.chapter))?)?;
        let built = self.build(Side::Starter)?;
        let program = built.with_file_name(format!("{}{EXE_SUFFIX}", mutant.name));
        // An earlier proof may have been ended before it took it away.
        if program.exists() {
            files::remove(&program)?;
        }
        // Not every file system has links.
        let kept = fs::hard_link(&built, &program).or_else(|_| fs::copy(&built, &program).map(drop));
        kept.with_context(|| format!("cannot keep {}", program.display()))?;
        Ok(program)
    }

    /// A test of the mutant's exercise fails.
    ///
    /// # Errors
    /// If none does.
    pub fn caught(&self, mutant: &Mutant, program: &Path) -> Result<()> {
        let runs = self.try_out(Side::Starter, program, |test| exercise_of(test) == Some(mutant.id));
        files::remove(program)?;
        match runs?.iter().find(|run| run.end != End::Passed) {
            Some(run) if run.end == End::Open => bail!("{} reaches a todo!()", run.test),
            Some(_) => Ok(()),
            None => bail!("no test of {} catches it", mutant.id),
        }
    }

    /// Puts the solution in, for the chapters that are built on this one.
    pub fn solve(&self) -> Result<()> {
        scratch::fill(self.chapter, &generate(self.chapter, |_| Form::Solved)?)
    }

    /// Builds the chapter and runs those of its tests that are wanted.
    fn run(&self, side: Side, wanted: impl Fn(&str) -> bool) -> Result<Vec<Run>> {
        self.try_out(side, &self.build(side)?, wanted)
    }

    /// Builds the program of the chapter's tests.
    fn build(&self, side: Side) -> Result<PathBuf> {
        let (root, package) = (&self.scratch.root, self.chapter.package(side));
        match build::tests(root, &self.scratch.target(), &package, false)? {
            Build::Ready { program, .. } => Ok(program),
            Build::Failed(errors) => {
                let texts: Vec<&str> = errors.iter().map(|error| error.text.trim_end()).collect();
                bail!("it does not compile:\n{}", texts.join("\n\n"));
            }
        }
    }

    /// Runs those of the tests in `program` that are wanted.
    fn try_out(&self, side: Side, program: &Path, wanted: impl Fn(&str) -> bool) -> Result<Vec<Run>> {
        let (root, dir) = (&self.scratch.root, self.chapter.dir(side));
        let mut tests = runner::list(program, &dir)?;
        tests.retain(|test| wanted(test));
        at_once(&tests, |test| runner::run(program, &dir, root, test))
    }
}

/// Fails when a test of this exercise stops at another one.
fn reaches_itself(exercise: &Exercise, run: &Run) -> Result<()> {
    for report in &run.reports {
        if let Report::Open { exercise: text, file, line } = report {
            let own = text.split(':').next() == Some(exercise.id.to_string().as_str());
            ensure!(own, "{} stops at '{text}' ({file}:{line}), not at {}", run.test, exercise.id);
        }
    }
    Ok(())
}

/// How a test ended, for an author.
fn ended(run: &Run) -> String {
    let last = run.reports.iter().rev().find_map(|report| match report {
        Report::Panic { message, file, line, .. } => Some(format!("{message} ({file}:{line})")),
        Report::Open { exercise, file, line } => Some(format!("open at {exercise} ({file}:{line})")),
        _ => None,
    });
    match run.end {
        End::Passed => "passes".into(),
        End::NoAnswer => "gives no answer".into(),
        End::Failed | End::Open => format!("fails: {}", last.unwrap_or_else(|| run.printed.join("\n"))),
    }
}
