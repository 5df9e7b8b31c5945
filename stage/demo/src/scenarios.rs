//! The scenarios: scripts that come with the demo.

use serde::Serialize;

use crate::script::{Mistake, Script};

/// Each scenario's name and script, in the order of their keys.
const SCENARIOS: [(&str, &str); 7] = [
    ("quiet", include_str!("../scenarios/quiet.txt")),
    ("partition", include_str!("../scenarios/partition.txt")),
    ("stomp", include_str!("../scenarios/stomp.txt")),
    ("tombstone", include_str!("../scenarios/tombstone.txt")),
    ("slow", include_str!("../scenarios/slow.txt")),
    ("returns", include_str!("../scenarios/returns.txt")),
    ("no-streaming", include_str!("../scenarios/no-streaming.txt")),
];

/// What people see of a scenario before it is played.
#[derive(Clone, Debug, Serialize)]
pub struct Scenario {
    /// How commands name it.
    pub name: &'static str,
    /// How people name it.
    pub title: &'static str,
    /// The key on the page that plays it.
    pub key: &'static str,
}

impl Scenario {
    /// All of them.
    pub fn all() -> Vec<Self> {
        let all = SCENARIOS.iter().map(|(name, text)| Self {
            name,
            title: header(text, "title").unwrap_or(name),
            key: header(text, "key").unwrap_or_default(),
        });
        all.collect()
    }

    /// Its name, if there is such a scenario.
    pub fn named(name: &str) -> Option<&'static str> {
        SCENARIOS.iter().map(|(known, _)| *known).find(|known| *known == name)
    }

    /// The names of all.
    pub fn names() -> Vec<&'static str> {
        SCENARIOS.iter().map(|(name, _)| *name).collect()
    }
}

/// The script of a scenario; `None` if there is no such scenario.
///
/// # Errors
/// If a line of it is none, which a test of this crate rules out.
pub fn script(name: &str) -> Option<Result<Script, Mistake>> {
    let (name, text) = SCENARIOS.iter().find(|(known, _)| *known == name)?;
    Some(Script::parse(name, text))
}

/// The text after `# NAME:` in a script.
pub fn header<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let lines = text.lines().map_while(|line| line.strip_prefix('#'));
    lines
        .filter_map(|line| line.trim().split_once(':'))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Command;

    #[test]
    fn each_scenario_can_be_played_and_says_and_expects_something() {
        for (number, (name, text)) in (1..).zip(SCENARIOS) {
            let script = script(name).unwrap().unwrap();
            assert_eq!(header(text, "key"), Some(number.to_string().as_str()), "{name}");
            assert!(text.starts_with("# title: "), "{name} begins with its title");
            let has = |such: fn(&Command) -> bool| script.lines.iter().any(|line| such(&line.command));
            assert!(has(|command| matches!(command, Command::Stage { .. })), "{name} sets the stage");
            assert!(has(|command| matches!(command, Command::Say { .. })), "{name} says what to watch");
            assert!(has(|command| matches!(command, Command::Expect { .. })), "{name} expects something");
            let last = script.lines.last().map(|line| &line.command);
            assert_eq!(last, Some(&Command::Hold), "{name} leaves its last caption until somebody goes on");
        }
    }
}
