//! `check`: shows the state of each exercise, and explains the first that hasn't passed.

use crate::Done;
use crate::chapter::{Chapter, Side};
use crate::examine::{Examination, Judged, Outcome, examine};
use crate::id::Target;
use crate::own::{self, Standing};
use crate::state::State;
use crate::term::{Paint, fold};
use crate::workspace::Workspace;

/// Checks a chapter or an exercise; without a target, the chapter of the first open exercise.
pub fn check(workspace: &Workspace, target: Option<Target>, solution: bool, json: bool) -> Done {
    let mut state = State::load(workspace);
    let chapter = match target {
        Some(target) => workspace.chapter(target.chapter())?,
        None => state.current(workspace)?.0,
    };
    let only = target.and_then(Target::exercise);
    if let Some(id) = only {
        chapter.exercise(id)?;
    }
    let side = if solution { Side::Solution } else { Side::Starter };
    let paint = if json { Paint(false) } else { Paint::stdout() };
    let examination = examine(workspace, chapter, side, only, paint)?;
    let mut remarks = String::new();
    if side == Side::Starter && !examination.stopped {
        remarks = self::remarks(&state, chapter, &examination, paint);
        state.remember(chapter, &examination)?;
        state.save(workspace);
    }
    if json {
        println!("{}", serde_json::to_string_pretty(&examination)?);
    } else {
        print!("{}", told(&state, workspace, chapter, &examination, &remarks, paint));
    }
    Ok(examination.passed())
}

/// The whole text: a line for each exercise, one story, and what to do next.
fn told(
    state: &State,
    workspace: &Workspace,
    chapter: &Chapter,
    examination: &Examination,
    remarks: &str,
    paint: Paint,
) -> String {
    let seconds = paint.dim(&format!("{:.2} s", examination.seconds));
    let mut out = format!("{}  {seconds}\n\n", paint.bold(&format!("{} {}", chapter.code(), chapter.title)));
    let first = examination.exercises.iter().find(|judged| judged.outcome != Outcome::Passed);
    if examination.stopped {
        out += first.and_then(|judged| judged.story.as_deref()).unwrap_or_default();
        return out + &marks(examination, paint);
    }
    for judged in &examination.exercises {
        out += &line(judged, paint);
    }
    for broken in &examination.given {
        out +=
            &format!("  {}\n", paint.red(&format!("✗ wrong      {}, which was right as given", broken.test)));
    }
    out.push('\n');
    out += &marks(examination, paint);
    out += remarks;
    let given = examination.given.first().map(|broken| (broken.test.clone(), broken.story.as_str()));
    let told = first
        .map(|judged| (format!("{} {}", judged.id, judged.title), judged.story.as_deref().unwrap_or("")));
    if let Some((title, story)) = told.or(given) {
        out += &format!("{}\n{story}", paint.bold(&title));
    }
    if let Some(wrong) = first.and_then(|judged| state.wrong_before(workspace, judged.id)) {
        out += &format!(
            "  Before it:  {wrong} was wrong when it was last checked, and this one may only follow from it\n"
        );
    }
    if first.is_none() && !examination.given.is_empty() {
        let code = chapter.code();
        return out + &format!("  A way back: cargo workshop reset {code}, which keeps a copy of yours\n");
    }
    out + &next(state, workspace, chapter, first)
}

/// Why the author's solution is as it is, of what has just passed: nobody wants to know it later.
fn remarks(state: &State, chapter: &Chapter, examination: &Examination, paint: Paint) -> String {
    let own = |id| !matches!(own::standing(chapter, id), Ok(Standing::Solution));
    let passed = examination.exercises.iter().filter(|judged| judged.outcome == Outcome::Passed);
    let new: Vec<&Judged> = passed.filter(|judged| !state.has_passed(judged.id) && own(judged.id)).collect();
    match new.as_slice() {
        [] => String::new(),
        [Judged { id, title, .. }] => {
            let remark = chapter.exercise(*id).map_or("", |exercise| &exercise.remark);
            format!(
                "{}\n{}  The author's code beside yours: cargo workshop diff {id}\n\n",
                paint.bold(&format!("{id} {title}: passed. The author's remark")),
                fold(&remark.replace('\n', " "), "  ")
            )
        }
        _ => format!("The author's remarks: cargo workshop diff {}\n\n", chapter.code()),
    }
}

/// Tests do not need the markers; `diff`, `solve` and `reset` do, so a missing one is reported at
/// once.
fn marks(examination: &Examination, paint: Paint) -> String {
    let tell = |broken: &String| format!("{}  {broken}\n\n", paint.yellow("A marker"));
    examination.marks.iter().map(tell).collect()
}

fn line(judged: &Judged, paint: Paint) -> String {
    let (mark, word) = match judged.outcome {
        Outcome::Passed => (paint.green("✓"), paint.green("passed   ")),
        Outcome::Open => (paint.yellow("○"), paint.yellow("open     ")),
        Outcome::Wrong => (paint.red("✗"), paint.red("wrong    ")),
        Outcome::NoAnswer => (paint.red("✗"), paint.red("no answer")),
        Outcome::DoesNotCompile => (paint.red("✗"), paint.red("no build ")),
    };
    format!("  {mark} {word}  {:<4}  {}\n", judged.id.to_string(), judged.title)
}

fn next(state: &State, workspace: &Workspace, chapter: &Chapter, first: Option<&Judged>) -> String {
    match first {
        Some(judged) => format!("  A hint:     cargo workshop hint {}\n", judged.id),
        None => match state.first_open(workspace) {
            Some((next, _)) if next.number != chapter.number => {
                format!("Passed. On to chapter {}: cargo workshop next\n", next.code())
            }
            Some((_, id)) => format!("Passed. On to {id}: cargo workshop next\n"),
            None => "Passed. That was the last exercise.\n".to_owned(),
        },
    }
}
