//! `verify`: proves that the workshop keeps its promises, for authors and CI.

use std::io::{IsTerminal, stdout};
use std::thread::{self, ScopedJoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::Done;
use crate::book::links;
use crate::chapter::Chapter;
use crate::complete;
use crate::id::Id;
use crate::mutant::{self, Mutant};
use crate::proofs::Proof;
use crate::scratch;
use crate::term::{Paint, Progress, indent};
use crate::timetable;
use crate::workspace::Workspace;

/// Counts what is proven, and reports what is not.
struct Ledger {
    progress: Progress,
    paint: Paint,
    proven: usize,
    failed: usize,
}

impl Ledger {
    /// Tries one proof. On a terminal only the last one is shown, unless it fails.
    fn prove(&mut self, what: &str, proof: impl FnOnce() -> Result<()>) {
        self.progress.show(&format!("{} proven; {what}", self.proven));
        let result = proof();
        self.progress.clear();
        match result {
            Ok(()) => {
                self.proven += 1;
                if !stdout().is_terminal() {
                    println!("ok    {what}");
                }
            }
            Err(error) => {
                self.failed += 1;
                println!("{}  {what}\n{}", self.paint.red("FAIL"), indent(&format!("{error:#}"), "      "));
            }
        }
    }
}

/// Proves all chapters, or one; `quick` leaves out further mutants of an exercise and the code generator.
pub fn verify(workspace: &Workspace, only: Option<u8>, quick: bool) -> Done {
    let started = Instant::now();
    let mut ledger =
        Ledger { progress: Progress::after(Duration::ZERO), paint: Paint::stdout(), proven: 0, failed: 0 };
    if let Some(number) = only {
        workspace.chapter(number)?;
    }
    let wanted = |chapter: &&Chapter| only.is_none_or(|number| number == chapter.number);

    ledger.prove("guides and slides show the code as it is", || complete::includes(workspace));
    ledger.prove("every link leads somewhere", || links::check(workspace));
    ledger.prove("the decks and the timetable fit", || timetable::check(workspace));
    if !quick && workspace.root.join("proto/codegen").is_dir() {
        ledger.prove("the protobuf code is what the .proto files generate", || complete::protobuf(workspace));
    }
    for chapter in workspace.chapters.iter().filter(wanted) {
        let code = chapter.code();
        ledger
            .prove(&format!("{code} is generated from its solution"), || complete::fresh(workspace, chapter));
        ledger.prove(&format!("{code} is complete"), || complete::described(workspace, chapter));
        ledger.prove(&format!("{code} is formatted"), || complete::formatted(workspace, chapter));
    }

    let scratch = scratch::copy(workspace)?;
    for chapter in &scratch.chapters {
        // Each chapter is built on solved ones, so that a failure is its own.
        Proof { scratch: &scratch, chapter }.solve()?;
    }
    for chapter in scratch.chapters.iter().filter(wanted) {
        chapter_proofs(&mut ledger, &Proof { scratch: &scratch, chapter }, quick)?;
    }
    let (proven, failed, seconds) = (ledger.proven, ledger.failed, started.elapsed().as_secs());
    println!("{proven} proven, {failed} failed, {seconds} s");
    Ok(failed == 0)
}

fn chapter_proofs(ledger: &mut Ledger, proof: &Proof<'_>, quick: bool) -> Result<()> {
    let (chapter, code) = (proof.chapter, proof.chapter.code());
    ledger.prove(&format!("{code} solution passes"), || proof.solution());
    for solved in 0..=chapter.exercises.len() {
        let what = match (solved.checked_sub(1), chapter.exercises.get(solved)) {
            (None, _) => format!("{code} starter compiles and is open"),
            (Some(last), Some(next)) => {
                format!("{code} solved up to {}, open at {}", chapter.exercises[last].id, next.id)
            }
            (Some(last), None) => format!("{code} solved up to {}, passed", chapter.exercises[last].id),
        };
        ledger.prove(&what, || proof.step(solved));
    }
    // Errors in a mutant's file are reported with the chapter's description.
    mutant_proofs(ledger, proof, &chosen(&mutant::all(chapter).unwrap_or_default(), quick));
    proof.solve()
}

/// Tries each mutant while the next one is built: a build has little to do for a second core, and tests wait a lot.
fn mutant_proofs(ledger: &mut Ledger, proof: &Proof<'_>, mutants: &[&Mutant]) {
    let what = |mutant: &Mutant| format!("{} mutant {} is caught", proof.chapter.code(), mutant.name);
    thread::scope(|scope| {
        let mut tried: Option<(&Mutant, ScopedJoinHandle<'_, Result<()>>)> = None;
        for next in mutants.iter().copied().map(Some).chain([None]) {
            let built = next.map(|mutant| (mutant, proof.mutate(mutant)));
            if let Some((mutant, trial)) = tried.take() {
                ledger.prove(&what(mutant), || trial.join().unwrap_or_else(|_| bail!("its trial panicked")));
            }
            match built {
                Some((mutant, Ok(program))) => {
                    tried = Some((mutant, scope.spawn(move || proof.caught(mutant, &program))));
                }
                Some((mutant, Err(error))) => ledger.prove(&what(mutant), || Err(error)),
                None => {}
            }
        }
    });
}

/// All mutants, or the first of each exercise.
fn chosen(mutants: &[Mutant], quick: bool) -> Vec<&Mutant> {
    let mut seen: Vec<Id> = Vec::new();
    let mut first = |mutant: &&Mutant| {
        let new = !seen.contains(&mutant.id);
        seen.push(mutant.id);
        new || !quick
    };
    mutants.iter().filter(|mutant| first(mutant)).collect()
}
