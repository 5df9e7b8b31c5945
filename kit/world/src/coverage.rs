//! What was met: how often each fault came while which kind of message was under way.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use crate::hearing::Told;
use crate::run::Run;
use crate::schedule::Schedule;

/// A message that a replica sends or receives so long before or after a fault of it has met the fault.
const NEAR: Duration = Duration::from_millis(50);

/// How often each fault met each kind of message, in any number of runs.
#[derive(Debug, Default)]
pub struct Coverage {
    faults: BTreeMap<&'static str, usize>,
    kinds: BTreeSet<String>,
    met: BTreeMap<(&'static str, String), usize>,
}

impl Coverage {
    /// Adds what a run met.
    pub fn add(&mut self, schedule: &Schedule, run: &Run) {
        let messages: Vec<&Told> = run
            .heard
            .messages
            .iter()
            .filter(|told| ["sent", "received"].contains(&told.what.as_str()))
            .collect();
        self.kinds.extend(messages.iter().map(|told| kind(told)));
        for step in schedule.steps.iter().filter(|step| !step.action.is_write()) {
            let (at, replicas) = (run.began + step.at, step.action.replicas());
            *self.faults.entry(step.action.name()).or_default() += 1;
            let first = messages.partition_point(|told| told.at + NEAR < at);
            let near = messages[first..].iter().take_while(|told| told.at <= at + NEAR);
            let met: BTreeSet<String> = near
                .filter(|told| replicas.contains(&told.me) || replicas.contains(&told.peer))
                .map(|told| kind(told))
                .collect();
            for kind in met {
                *self.met.entry((step.action.name(), kind)).or_default() += 1;
            }
        }
    }
}

/// The first word of a message; of one that is not of this vocabulary, what its stream is called.
fn kind(told: &Told) -> String {
    let word = told.label.split([' ', ',']).next().unwrap_or_default();
    let is_word = !word.is_empty() && word.chars().all(char::is_alphabetic);
    if is_word { word.to_lowercase() } else { told.stream.clone() }
}

/// A table: a line for each fault, a column for each kind of message.
impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:15} {:>6}", "met within 50 ms", "times")?;
        for kind in &self.kinds {
            write!(f, " {kind:>9}")?;
        }
        for (fault, times) in &self.faults {
            write!(f, "\n{fault:16} {times:6}")?;
            for kind in &self.kinds {
                write!(f, " {:9}", self.met.get(&(*fault, kind.clone())).copied().unwrap_or_default())?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Action, Heard, Limits, Step, Ways};

    #[test]
    fn a_fault_meets_the_messages_of_its_replica_that_are_near() {
        let told = |millis, me, peer, label: &str| Told {
            at: Duration::from_millis(millis),
            me,
            peer,
            label: label.into(),
            what: "sent".into(),
            ..Told::default()
        };
        let messages = vec![
            told(1_000, 1, 2, "OPEN after a"),
            told(1_090, 2, 1, "CHECK a 3@1"),
            told(1_110, 3, 2, "change 4@3"),
            told(1_200, 1, 2, "COMPLETE"),
        ];
        let steps = vec![Step { at: Duration::from_millis(100), action: Action::Kill { replica: 1 } }];
        let length = Duration::from_secs(1);
        let (latencies, limits) = (Vec::new(), Limits::default());
        let schedule = Schedule {
            replicas: 3,
            latencies,
            ways: Ways::Both,
            limits,
            numbers: crate::Numbers::default(),
            steps,
            length,
        };
        let began = Duration::from_secs(1);
        let heard = Heard { messages, ..Heard::default() };
        let run = Run { ended: Err(String::new()), heard, lasted: began, began };
        let mut coverage = Coverage::default();
        coverage.add(&schedule, &run);
        let text = coverage.to_string();
        let line = text.lines().nth(1).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
        // Change, check, complete, open.
        assert_eq!(line, "kill 1 0 1 0 0", "{text}");
    }
}
