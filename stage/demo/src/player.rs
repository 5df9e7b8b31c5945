//! Playing a script, step by step. The player only says what to do: the world does it.

use crate::command::Command;
use crate::condition::Condition;
use crate::event::Caption;
use crate::script::{Line, Script};
use crate::state::State;

/// How long a condition is waited for, in milliseconds.
const PATIENCE: f64 = 30_000.0;

/// Plays a script.
#[derive(Debug)]
pub struct Player {
    script: Script,
    next: usize,
    /// Whether it waits at a hold.
    holds: bool,
    /// When the present line began, in milliseconds.
    began: Option<f64>,
    caption: Caption,
}

/// How it is when the player is asked.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// The time, in milliseconds.
    pub now: f64,
    /// Each replica was looked at after this time: what was done before it can be seen in the state.
    pub looked: f64,
    /// The state.
    pub state: &'a State,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Do this, and ask again.
    Do(Line),
    /// Tell this, and ask again.
    Tell(Caption),
    /// Tell this, and ask again when somebody has said `next`.
    Hold(Caption),
    /// Ask again soon.
    Wait,
    /// There is no more.
    Done,
}

/// A line that failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {number}: {command}: {instead}")]
pub struct Failed {
    number: usize,
    command: String,
    instead: String,
}

impl Failed {
    /// This line failed: `instead` says what was there.
    pub fn new(line: &Line, instead: impl Into<String>) -> Self {
        Self { number: line.number, command: line.command.to_string(), instead: instead.into() }
    }

    /// What was there instead, without the line.
    pub fn instead(&self) -> &str {
        &self.instead
    }
}

impl Player {
    /// At the beginning of a script. Without `holds` it passes over each hold.
    pub fn new(script: Script, holds: bool) -> Self {
        let (scenario, title) = (Some(script.name.clone()), script.title.clone());
        let caption = Caption { scenario, title, steps: script.captions(), ..Caption::default() };
        Self { script, next: 0, holds, began: None, caption }
    }

    /// The line that is played.
    pub fn line(&self) -> Option<&Line> {
        self.script.lines.get(self.next)
    }

    /// The caption as it is.
    pub fn caption(&self) -> Caption {
        self.caption.clone()
    }

    /// Somebody has said `next`.
    pub fn go_on(&mut self) -> Caption {
        self.caption.holds = false;
        self.caption.clone()
    }

    /// What is to be done now.
    ///
    /// # Errors
    /// If it is not as expected, or does not become so in time.
    pub fn step(&mut self, moment: Moment<'_>) -> Result<Step, Failed> {
        let Some(line) = self.line().cloned() else { return Ok(Step::Done) };
        let began = *self.began.get_or_insert(moment.now);
        let over = match &line.command {
            Command::Wait { seconds } => moment.now >= began + seconds * 1000.0,
            Command::WaitUntil(condition) => becomes(condition, &line, began, moment)?,
            Command::Expect { condition } => is(condition, &line, began, moment)?,
            _ => true,
        };
        if !over {
            return Ok(Step::Wait);
        }
        (self.next, self.began) = (self.next + 1, None);
        Ok(match line.command {
            Command::Say { text } => {
                (self.caption.text, self.caption.step) = (text, self.caption.step + 1);
                Step::Tell(self.caption.clone())
            }
            Command::Hold if self.holds => {
                self.caption.holds = true;
                Step::Hold(self.caption.clone())
            }
            Command::Hold | Command::Wait { .. } | Command::WaitUntil(_) | Command::Expect { .. } => {
                Step::Wait
            }
            _ => Step::Do(line),
        })
    }
}

/// Whether it has become so.
fn becomes(condition: &Condition, line: &Line, began: f64, moment: Moment<'_>) -> Result<bool, Failed> {
    let judged = if seen(condition, began, moment) { condition.judge(moment.state) } else { Err(unseen()) };
    match judged {
        Ok(()) => Ok(true),
        Err(_) if moment.now < began + PATIENCE => Ok(false),
        Err(instead) => Err(Failed::new(line, format!("after {} seconds {instead}", PATIENCE / 1000.0))),
    }
}

/// Whether it holds, as soon as that can be decided.
fn is(condition: &Condition, line: &Line, began: f64, moment: Moment<'_>) -> Result<bool, Failed> {
    if !seen(condition, began, moment) {
        return if moment.now < began + PATIENCE { Ok(false) } else { Err(Failed::new(line, unseen())) };
    }
    condition.judge(moment.state).map(|()| true).map_err(|instead| Failed::new(line, instead))
}

/// Whether the state tells of it. A state from before says nothing of what was just done.
fn seen(condition: &Condition, began: f64, moment: Moment<'_>) -> bool {
    moment.looked >= began && condition.can_be_told(moment.state)
}

fn unseen() -> String {
    "a replica could not be looked at".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Verdict;

    fn player(text: &str, holds: bool) -> Player {
        Player::new(Script::parse("script", text).unwrap(), holds)
    }

    fn step(player: &mut Player, now: f64, looked: f64, differ: usize) -> Result<Step, Failed> {
        let mut state = State::new(None);
        state.verdict = Verdict { differ, keys: vec!["apple".to_owned(); differ], ..Verdict::default() };
        player.step(Moment { now, looked, state: &state })
    }

    #[test]
    fn commands_are_done_in_order_and_captions_are_counted() {
        let mut player = player("say One.\ncut us de\nsay Two.", true);
        let Ok(Step::Tell(caption)) = step(&mut player, 0.0, 0.0, 0) else { panic!("a caption") };
        assert_eq!((caption.text.as_str(), caption.step, caption.steps), ("One.", 1, 2));
        let Ok(Step::Do(line)) = step(&mut player, 0.0, 0.0, 0) else { panic!("a command") };
        assert_eq!((line.number, line.command.to_string().as_str()), (2, "cut us de"));
        assert!(matches!(step(&mut player, 0.0, 0.0, 0), Ok(Step::Tell(caption)) if caption.step == 2));
        assert_eq!(step(&mut player, 0.0, 0.0, 0), Ok(Step::Done));
    }

    #[test]
    fn a_hold_waits_for_next_and_is_passed_over_without_an_audience() {
        let mut watched = player("hold\nsay On.", true);
        assert!(matches!(step(&mut watched, 0.0, 0.0, 0), Ok(Step::Hold(caption)) if caption.holds));
        assert!(!watched.go_on().holds);
        assert!(matches!(step(&mut watched, 0.0, 0.0, 0), Ok(Step::Tell(_))));
        assert_eq!(step(&mut player("hold", false), 0.0, 0.0, 0), Ok(Step::Wait));
    }

    #[test]
    fn a_wait_takes_its_seconds() {
        let mut player = player("wait 2", true);
        assert_eq!(step(&mut player, 500.0, 0.0, 0), Ok(Step::Wait));
        assert_eq!(step(&mut player, 2_499.0, 0.0, 0), Ok(Step::Wait));
        assert_eq!(step(&mut player, 2_500.0, 0.0, 0), Ok(Step::Wait));
        assert_eq!(step(&mut player, 2_500.0, 0.0, 0), Ok(Step::Done));
    }

    #[test]
    fn a_condition_is_judged_by_what_was_seen_after_the_line_began() {
        let mut player = player("wait converged\nexpect differ 1", true);
        // Seen before: it counts for nothing, either way.
        assert_eq!(step(&mut player, 100.0, 90.0, 0), Ok(Step::Wait));
        assert_eq!(player.line().map(|line| line.number), Some(1));
        assert_eq!(step(&mut player, 200.0, 150.0, 0), Ok(Step::Wait));
        assert_eq!(player.line().map(|line| line.number), Some(2));
        assert_eq!(step(&mut player, 300.0, 150.0, 0), Ok(Step::Wait));
        let failed = step(&mut player, 400.0, 350.0, 0).unwrap_err().to_string();
        assert_eq!(failed, "line 2: expect differ 1: all keys are the same everywhere");
    }

    #[test]
    fn what_does_not_come_about_fails_at_last() {
        let mut player = player("\nwait converged", true);
        assert_eq!(step(&mut player, 0.0, 10.0, 1), Ok(Step::Wait));
        let failed = step(&mut player, PATIENCE, PATIENCE, 1).unwrap_err().to_string();
        assert_eq!(failed, "line 2: wait converged: after 30 seconds 1 key differs (apple)");
    }
}
