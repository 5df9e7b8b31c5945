//! The report of a run.

use std::fmt;
use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use world::Violation;
use world::facts::{Facts, Outcome};
use world::{Action, Schedule};

use crate::log;

/// How many facts of an invariant are shown.
const SHOWN: usize = 6;

/// How many rows of the diagram of messages are shown.
const ROWS: usize = 40;

/// How a seed ended.
#[derive(Debug)]
pub struct Report {
    seed: u64,
    schedule: Schedule,
    ended: Result<Facts>,
    took: Duration,
    violations: Vec<Violation>,
}

impl Report {
    /// Judges what a run of the seed's schedule ended with.
    pub fn new(seed: u64, schedule: Schedule, ended: Result<Facts>, took: Duration) -> Self {
        let violations = ended.as_ref().map(world::judge).unwrap_or_default();
        Self { seed, schedule, ended, took, violations }
    }

    /// Whether the run ended before its schedule did, as it does with a program that does not start.
    pub fn broke_off(&self) -> bool {
        self.ended.is_err()
    }

    /// Whether all invariants hold.
    pub fn passed(&self) -> bool {
        self.ended.is_ok() && self.violations.is_empty()
    }

    /// The first key that a fact speaks of which breaks an invariant.
    fn key(&self) -> Option<&str> {
        let writes = &self.ended.as_ref().ok()?.writes;
        let mut broken = self.violations.iter().flat_map(|violation| &violation.facts);
        broken.find_map(|fact| {
            let speaks = |key: &&str| fact.split([' ', ':']).any(|word| word == *key);
            writes.iter().map(|write| write.key.as_str()).find(speaks)
        })
    }

    /// The seed, what broke, the last messages between the replicas, and how to see it again. Schedule
    /// and facts are written to files beside the logs in `directory`.
    ///
    /// # Errors
    /// If a file cannot be read or written.
    pub fn failure(&self, directory: &Path, replay: &str) -> Result<String> {
        let mut text = format!("seed {} failed\n", self.seed);
        let (mut shown, mut whole) = (String::new(), format!("{}\n\n", self.schedule));
        match &self.ended {
            Ok(facts) => {
                for Violation { invariant, facts, .. } in &self.violations {
                    shown += &format!("\nThis does not hold: {invariant}.\n{}", lines(facts, SHOWN));
                    whole += &format!("This does not hold: {invariant}.\n{}\n", lines(facts, usize::MAX));
                }
                let writes: Vec<String> = facts.writes.iter().map(ToString::to_string).collect();
                whole += &lines(&writes, usize::MAX);
            }
            Err(error) => {
                shown += &format!("\n{error:#}\n{}", lines(&log::complaints(directory)?, SHOWN));
            }
        }
        let notes = directory.join("what-happened.txt");
        fs::write(&notes, whole)?;
        text += &shown;
        let key = self.key().unwrap_or_default();
        // A stream tells of sequence numbers, so there may be nothing that names the key.
        let (about, messages) = match log::transcript(directory, key)? {
            None if !key.is_empty() => ("", log::transcript(directory, "")?),
            found => (key, found),
        };
        if let Some(messages) = messages {
            let of = if about.is_empty() { "" } else { " about " };
            let messages = messages.last(ROWS);
            text += &format!("\nThe last messages between the replicas{of}{about}:\n\n{messages}");
        }
        text += &format!(
            "\nSchedule, facts and logs: {}\nTo see it again:           {replay}\n",
            directory.display()
        );
        Ok(text)
    }
}

fn lines(facts: &[String], most: usize) -> String {
    let shown: String = facts.iter().take(most).map(|fact| format!("  {fact}\n")).collect();
    match facts.len().saturating_sub(most) {
        0 => shown,
        more => format!("{shown}  and {more} more\n"),
    }
}

/// One line.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |such: fn(&Action) -> bool| self.schedule.count(such);
        let writes = count(|action| matches!(action, Action::Put { .. } | Action::Delete { .. }));
        let cuts = count(|action| matches!(action, Action::Cut { .. }));
        let kills = count(|action| matches!(action, Action::Kill { .. }));
        let jumps = count(|action| matches!(action, Action::Start { clock, .. } if *clock != 0));
        let acknowledged = self.ended.as_ref().map_or(0, |facts| {
            facts.writes.iter().filter(|write| !matches!(write.outcome, Outcome::Unknown(_))).count()
        });
        let collected = self.ended.as_ref().map_or(0, |facts| facts.collected);
        let verdict = if self.passed() { "passed" } else { "FAILED" };
        write!(
            f,
            "seed {:<5} {writes} writes  {acknowledged} acknowledged  {cuts} cuts  {kills} kills  \
             {jumps} clock jumps  {collected:2} collected  {:4.1} s  {verdict}",
            self.seed,
            self.took.as_secs_f64(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::make::schedule;

    #[test]
    fn a_failure_tells_the_seed_what_broke_and_how_to_see_it_again() {
        let directory = tempfile::TempDir::new().unwrap();
        let complaints = (0..9).map(|number| format!("complaint {number}")).collect();
        let facts = Facts { complaints, ..Facts::default() };
        let report = Report::new(7, schedule(7), Ok(facts), Duration::from_secs(9));
        assert!(!report.passed() && report.to_string().ends_with("9.0 s  FAILED"), "{report}");
        let text = report.failure(directory.path(), "cargo workshop cluster --seed 7").unwrap();
        for part in
            ["seed 7 failed", "no replica logs an error", "complaint 5\n  and 3 more", "cluster --seed 7"]
        {
            assert!(text.contains(part), "no {part:?} in\n{text}");
        }
        let notes = fs::read_to_string(directory.path().join("what-happened.txt")).unwrap();
        assert!(notes.contains("kill -9") && notes.contains("complaint 8"), "{notes}");
    }

    #[test]
    fn a_run_without_violations_passes_and_one_that_broke_off_does_not() {
        let report = |ended| Report::new(7, schedule(7), ended, Duration::ZERO);
        assert!(report(Ok(Facts::default())).passed());
        assert!(!report(Err(anyhow::anyhow!("replica 2 ended"))).passed());
    }
}
