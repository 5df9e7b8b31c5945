//! What a person reads of a seed that failed.

use std::fmt;
use std::time::Duration;

use transcript::Transcript;

use crate::facts::{Facts, Write};
use crate::hearing::{self, Told};
use crate::promises::Violation;
use crate::run::Run;
use crate::schedule::Schedule;
use crate::shrink::Shrunk;

/// How many facts of a promise are shown.
const SHOWN: usize = 6;

/// How many messages are drawn: after those there is more of the same.
const MESSAGES: usize = 30;

/// Messages are drawn until so long after the schedule is over: by then each has asked each.
const AFTERWARDS: Duration = Duration::from_secs(5);

/// How wide a text is.
const WIDTH: usize = 100;

/// A seed that failed, as it is told.
pub(crate) struct Failure<'a> {
    /// The seed.
    pub seed: u64,
    /// What it broke first.
    pub broken: &'a Violation,
    /// How many steps its schedule had.
    pub steps: usize,
    /// The shortest schedule that breaks the same promise; None where it was not looked for.
    pub shrunk: Option<&'a Shrunk>,
    /// A run of the shortest schedule, or of the whole.
    pub run: &'a Run,
    /// The schedule of that run.
    pub schedule: &'a Schedule,
    /// How to see it again: what it shows, and the command.
    pub again: &'a [(&'static str, String)],
}

impl Failure<'_> {
    /// The promise, and what breaks it.
    fn breach(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seed, broken, .. } = self;
        writeln!(f, "seed {seed} failed. It breaks a promise: {}.\n", broken.invariant)?;
        for line in wrapped(broken.meaning) {
            writeln!(f, "  {line}")?;
        }
        writeln!(f, "\nWhat was seen:")?;
        let facts = counted(&broken.facts);
        for fact in facts.iter().take(SHOWN) {
            for (place, line) in wrapped(fact).iter().enumerate() {
                writeln!(f, "{}{line}", if place == 0 { "  " } else { "      " })?;
            }
        }
        if let Some(more) = facts.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            writeln!(f, "  and {more} more")?;
        }
        Ok(())
    }

    fn commands(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.again.iter().map(|(what, _)| what.len()).max().unwrap_or_default();
        self.again.iter().try_for_each(|(what, command)| writeln!(f, "{what:width$}  {command}"))
    }
}

/// A failure whose schedule is too long to help anybody.
pub(crate) struct Brief<'a>(pub Failure<'a>);

impl fmt::Display for Brief<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.breach(f)?;
        writeln!(f)?;
        self.0.commands(f)
    }
}

impl fmt::Display for Failure<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { broken, steps, shrunk, run, schedule, .. } = self;
        self.breach(f)?;
        match shrunk {
            Some(Shrunk { schedule, runs, is_minimal }) => {
                let rest =
                    if *is_minimal { "no step of it can be left out" } else { "the time to look was over" };
                match schedule.steps.len() {
                    0 => writeln!(
                        f,
                        "\nA fleet to which nothing is done breaks it: none of {steps} steps is needed ({runs} \
                         schedules were tried)."
                    )?,
                    left => writeln!(
                        f,
                        "\nThe shortest schedule that breaks it: {left} of {steps} steps ({runs} were tried, {rest})."
                    )?,
                }
            }
            None => writeln!(f, "\nThe schedule:")?,
        }
        writeln!(f, "\n{schedule}")?;
        if let Ok(facts) = &run.ended
            && let Some(drawn) = messages(run, facts, schedule, &broken.facts)
        {
            writeln!(f, "\nWhat the replicas said to each other about it, at the same times:\n\n{drawn}")?;
        } else {
            writeln!(f)?;
        }
        self.commands(f)
    }
}

/// The messages about the keys that these facts speak of, with the steps of the schedule; None where there are none.
fn messages(run: &Run, facts: &Facts, schedule: &Schedule, broken: &[String]) -> Option<Transcript> {
    let about: Vec<&Write> = facts.writes.iter().filter(|write| speak_of(broken, &write.key)).collect();
    let versions: Vec<String> =
        about.iter().filter_map(|write| write.version()).map(|version| version.to_string()).collect();
    let is_about = |told: &Told| {
        let word = |word: &str| {
            versions.iter().any(|version| version == word) || about.iter().any(|write| write.key == word)
        };
        // All that a replica knows is about everything.
        about.is_empty() || (!told.label.contains("knows ") && told.label.split([' ', ',']).any(word))
    };
    let until = run.began + schedule.length + AFTERWARDS;
    let mut sent = 0;
    let wanted = |told: &&Told| {
        // The beginning and the end of a stream have no label, and tell what became of messages.
        let wanted = told.at >= run.began && told.at <= until && (told.label.is_empty() || is_about(told));
        sent += usize::from(wanted && told.what == "sent");
        wanted && sent <= MESSAGES
    };
    let messages: Vec<&Told> = run.heard.messages.iter().filter(wanted).collect();
    if messages.iter().all(|told| told.label.is_empty()) {
        return None;
    }
    // What comes after the last of them would stand alone.
    let last = messages.last().filter(|_| sent > MESSAGES).map_or(Duration::MAX, |told| told.at - run.began);
    let mut drawn = hearing::drawn(run.began, messages);
    for step in schedule.steps.iter().filter(|step| step.at <= last) {
        let text = step.action.to_string();
        let Some(replica) = step.action.replicas().first().copied() else { continue };
        let alone = text.strip_prefix(&format!("replica {replica}: ")).unwrap_or(&text);
        drawn.note(step.at, replica, alone);
    }
    if sent > MESSAGES {
        drawn.note(last, 1, "and so on");
    } else {
        drawn.note(schedule.length, 1, "all is healed");
    }
    Some(drawn)
}

fn speak_of(facts: &[String], key: &str) -> bool {
    facts.iter().any(|fact| fact.split([' ', ':']).any(|word| word == key))
}

/// Each fact once, with how often it was seen.
fn counted(facts: &[String]) -> Vec<String> {
    let mut counted: Vec<(&String, usize)> = Vec::new();
    for fact in facts {
        match counted.iter_mut().find(|(other, _)| *other == fact) {
            Some((_, times)) => *times += 1,
            None => counted.push((fact, 1)),
        }
    }
    let told = |(fact, times): (&String, usize)| match times {
        1 => fact.clone(),
        times => format!("{fact} ({times} times)"),
    };
    counted.into_iter().map(told).collect()
}

/// The words of a text in lines.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        if lines.last().is_some_and(|line| line.len() + word.len() >= WIDTH) {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            *line += if line.is_empty() { "" } else { " " };
            *line += word;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::Action;
    use crate::facts::{Outcome, Version};
    use crate::hearing::Heard;
    use crate::schedule::{Limits, Step, Ways};

    fn told(at: u64, me: u64, peer: u64, label: &str, what: &str) -> Told {
        let at = Duration::from_millis(at);
        let (stream, what) = ("replication".to_owned(), what.to_owned());
        Told { at, me, peer, stream, half: me, n: 1, label: label.to_owned(), what }
    }

    fn schedule() -> Schedule {
        let key = "apple".to_owned();
        let step = |at, action| Step { at: Duration::from_millis(at), action };
        Schedule {
            replicas: 3,
            latencies: Vec::new(),
            ways: Ways::Streams,
            limits: Limits::default(),
            numbers: crate::Numbers::default(),
            steps: vec![
                step(0, Action::Delete { replica: 1, key, number: 7 }),
                step(10, Action::Cut { from: 1, to: 2 }),
            ],
            length: Duration::from_millis(100),
        }
    }

    fn run(messages: Vec<Told>) -> Run {
        let write = |number, key: &str, counter| Write {
            number,
            replica: 1,
            key: key.to_owned(),
            value: None,
            outcome: Outcome::Acknowledged(Version { counter, replica: 1 }),
        };
        let facts = Facts { writes: vec![write(7, "apple", 9), write(8, "pear", 10)], ..Facts::default() };
        let began = Duration::from_secs(2);
        Run { ended: Ok(facts), heard: Heard { messages, ..Heard::default() }, lasted: began, began }
    }

    fn text(run: &Run) -> String {
        let fact = "apple: replica 2 says that it knows 9@1, and has nothing".to_owned();
        let others = (0..SHOWN + 1).map(|n| format!("apple: replica {n} has nothing"));
        let broken = Violation {
            invariant: "nothing deleted is back",
            meaning: "A delete holds.",
            facts: vec![fact; 8].into_iter().chain(others).collect(),
        };
        let shrunk = Shrunk { schedule: schedule(), runs: 99, is_minimal: true };
        let again = [("To see it again:", "cargo workshop world --seed 7".to_owned())];
        let (schedule, shrunk) = (&schedule(), Some(&shrunk));
        Failure { seed: 7, broken: &broken, steps: 231, shrunk, run, schedule, again: &again }.to_string()
    }

    #[test]
    fn a_failure_tells_the_promise_the_shortest_schedule_and_the_messages_about_it() {
        let text = text(&run(vec![
            told(1_000, 1, 3, "change 9@1", "sent"),
            told(2_005, 1, 2, "change 3, now 9@1", "sent"),
            told(2_006, 1, 3, "change 4, now 10@1", "sent"),
            told(2_300, 2, 3, "OPENED, knows 9@1,4@2", "sent"),
            told(2_400, 2, 3, "CHECK apple 9@1", "sent"),
        ]));
        let parts = [
            "seed 7 failed. It breaks a promise: nothing deleted is back.\n\n  A delete holds.\n",
            "  apple: replica 2 says that it knows 9@1, and has nothing (8 times)\n  apple: replica 0",
            "  apple: replica 4 has nothing\n  and 2 more\n",
            "2 of 231 steps (99 were tried, no step of it can be left out)",
            "    0 ms  replica 1: delete apple (w7)\n   10 ms  cut 1 -> 2\n  100 ms  heal all",
            "   0 │  * delete apple (w7)",
            "   5 │  change 3, now 9@1 ",
            "  10 │  * cut 1 -> 2",
            " 400 │",
            "\nTo see it again:  cargo workshop world --seed 7\n",
        ];
        for part in parts {
            assert!(text.contains(part), "no {part:?} in\n{text}");
        }
        // Another key's, one from before the schedule, and what is about all keys.
        assert!(!["10@1", "change 9@1", "OPENED"].iter().any(|other| text.contains(other)), "{text}");
    }

    #[test]
    fn of_many_messages_the_first_are_drawn_and_no_step_after_them() {
        let text =
            text(&run((0..99).map(|n| told(2_000 + n / 8, 1, 2, "CHECK apple 9@1", "sent")).collect()));
        assert_eq!(text.matches("CHECK apple").count(), MESSAGES, "{text}");
        assert!(text.contains("* and so on") && !text.contains("* cut 1 -> 2"), "{text}");
    }
}
