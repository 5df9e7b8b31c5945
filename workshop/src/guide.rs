//! `list`, `next`, `hint` and `diff`: progress, and help in small steps.

use anyhow::Result;
use serde::Serialize;

use crate::Done;
use crate::chapter::{Chapter, Exercise, Side};
use crate::id::{Id, Target};
use crate::own;
use crate::region::Form;
use crate::state::{Known, State};
use crate::term::{self, Paint, fold, indent};
use crate::text_diff::Sides;
use crate::workspace::Workspace;

#[derive(Serialize)]
struct Listed<'a> {
    chapters: Vec<ListedChapter<'a>>,
}

#[derive(Serialize)]
struct ListedChapter<'a> {
    chapter: String,
    title: &'a str,
    exercises: Vec<ListedExercise<'a>>,
}

#[derive(Serialize)]
struct ListedExercise<'a> {
    id: Id,
    title: &'a str,
    minutes: u32,
    state: Known,
}

/// All chapters and exercises, with their state.
pub fn list(workspace: &Workspace, json: bool) -> Done {
    let (state, paint) = (State::load(workspace), Paint::stdout());
    if json {
        let exercise = |chapter: &Chapter, exercise| listed(&state, chapter, exercise);
        let chapters = workspace.chapters.iter().map(|chapter| ListedChapter {
            chapter: chapter.code(),
            title: &chapter.title,
            exercises: chapter.exercises.iter().map(|each| exercise(chapter, each)).collect(),
        });
        println!("{}", serde_json::to_string_pretty(&Listed { chapters: chapters.collect() })?);
        return Ok(true);
    }
    let mut edited = false;
    let titles = term::width().saturating_sub(28);
    for chapter in &workspace.chapters {
        println!("{}", paint.bold(&format!("{} {}", chapter.code(), chapter.title)));
        print!("{}", fold(&chapter.about, "   "));
        let fingerprint = own::fingerprint(chapter)?;
        for exercise in &chapter.exercises {
            let (mark, word) = match state.known(chapter, exercise.id) {
                Known::Passed => (paint.green("✓"), paint.green("passed")),
                Known::Open => (paint.yellow("○"), paint.yellow("open  ")),
                Known::Wrong => (paint.red("✗"), paint.red("wrong ")),
            };
            let stale = state.is_stale(exercise.id, &fingerprint);
            edited |= stale;
            let (id, star) = (exercise.id.to_string(), if stale { "*" } else { " " });
            let (title, minutes) = (&exercise.title, exercise.minutes);
            println!("   {mark} {word}{star} {id:<4} {title:<titles$} {minutes:>3} min");
        }
    }
    if edited {
        println!("* edited since it was checked");
    }
    Ok(true)
}

fn listed<'a>(state: &State, chapter: &Chapter, exercise: &'a Exercise) -> ListedExercise<'a> {
    let state = state.known(chapter, exercise.id);
    ListedExercise { id: exercise.id, title: &exercise.title, minutes: exercise.minutes, state }
}

/// The next exercise that hasn't passed: where it is, and where to read about it.
pub fn next(workspace: &Workspace) -> Done {
    let state = State::load(workspace);
    let open = state.first_open(workspace);
    let here = open.map_or(u8::MAX, |(chapter, _)| chapter.number);
    if let Some((chapter, test)) = state.fault(workspace, here) {
        let (code, title) = (chapter.code(), &chapter.title);
        println!("{}", Paint::stdout().bold(&format!("{code} {title}: given code is broken")));
        println!("  {test} passed as given, and failed in the last check.");
        println!("  See why: cargo workshop check {code}");
        return Ok(true);
    }
    let Some((chapter, id)) = open else {
        println!("Every exercise has passed.");
        return Ok(true);
    };
    let exercise = chapter.exercise(id)?;
    println!("{}", Paint::stdout().bold(&format!("{id} {}  ({} minutes)", exercise.title, exercise.minutes)));
    let guide = format!("{}/README.md", workspace.shown(&chapter.dir(Side::Starter)));
    println!("  Read:  {guide}, \"{}\"", exercise.section);
    println!("  Work:  {}", own::place(chapter, id)?);
    println!("  Check: cargo workshop check {id}");
    Ok(true)
}

/// The next hint, without an exercise for the next one; the solution only after the last hint.
pub fn hint(workspace: &Workspace, id: Option<Id>) -> Done {
    let Some(id) = id.or_else(|| State::load(workspace).first_open(workspace).map(|(_, id)| id)) else {
        println!("Every exercise has passed.");
        return Ok(true);
    };
    let chapter = workspace.chapter_of(id)?;
    let exercise = chapter.exercise(id)?;
    let paint = Paint::stdout();
    let mut state = State::load(workspace);
    let (count, shown) = (exercise.hints.len(), state.hints.entry(id).or_default());
    match exercise.hints.get(*shown) {
        Some(hint) => {
            *shown += 1;
            println!("{}", paint.bold(&format!("{id} {}, hint {shown} of {count}", exercise.title)));
            print!("{}", fold(hint, "  "));
            let more = if *shown < count { "one more hint" } else { "the solution" };
            println!("{}", paint.dim(&format!("  Run the same command again for {more}.")));
        }
        None => {
            println!("{}", paint.bold(&format!("{id} {}, the solution", exercise.title)));
            for place in chapter.places(id) {
                println!("  {}: {}", place.file, place.region.title);
                println!("{}", indent(&place.source.code(place.region), "    "));
            }
            println!("  To put it in: cargo workshop solve {id}");
        }
    }
    state.save(workspace);
    Ok(true)
}

/// The attendee's code of an exercise, or of all in a chapter, beside the solution's. Asks before it shows the solution
/// of what has not passed, unless that is wanted: `yes`.
pub fn diff(workspace: &Workspace, target: Option<Target>, yes: bool) -> Done {
    let state = State::load(workspace);
    let (chapter, only) = match target {
        Some(Target::Exercise(id)) => (workspace.chapter_of(id)?, Some(id)),
        Some(Target::Chapter(number)) => (workspace.chapter(number)?, None),
        None => state.current(workspace)?,
    };
    let wanted = || chapter.exercises.iter().filter(|exercise| only.is_none_or(|id| id == exercise.id));
    for exercise in wanted() {
        // Checked before asking, so that a yes is never followed by an error.
        own::regions(chapter, exercise.id)?;
    }
    let open = wanted().filter(|each| state.known(chapter, each.id) != Known::Passed);
    let open: Vec<String> = open.map(|each| each.id.to_string()).collect();
    let shows = format!("This shows the solution of what has not passed yet: {}.", open.join(", "));
    if !open.is_empty() && !yes && !term::confirm(&shows)? {
        return Ok(true);
    }
    for exercise in wanted() {
        show_diff(chapter, exercise, Paint::stdout())?;
    }
    Ok(true)
}

fn show_diff(chapter: &Chapter, exercise: &Exercise, paint: Paint) -> Result<()> {
    println!("{}", paint.bold(&format!("{} {}", exercise.id, exercise.title)));
    for own in own::regions(chapter, exercise.id)? {
        println!("  {}", own.shown());
        let (yours, solution) = (own.code(), own.place.source.code(own.place.region));
        if own.is(Form::Solved) {
            println!("    the same as the solution\n{}", indent(&solution, "      "));
        } else {
            let sides = Sides { left: ("yours", &yours), right: ("the solution", &solution) };
            println!("{}", indent(&sides.show(paint), "    "));
        }
    }
    println!("{}", fold(&exercise.remark.replace('\n', " "), "  "));
    Ok(())
}
