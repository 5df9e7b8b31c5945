//! A script: a file of commands.

use crate::command::Command;
use crate::scenarios::header;
use crate::words::Unclear;

/// Commands to be done one after the other.
#[derive(Clone, Debug)]
pub struct Script {
    /// What is told of it: the name of a scenario, or "script".
    pub name: String,
    /// How people name it: what stands after `# title:`, or its name.
    pub title: String,
    /// The commands.
    pub lines: Vec<Line>,
}

/// A command of a script.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its line in the file, from 1.
    pub number: usize,
    /// What is to be done.
    pub command: Command,
}

/// A line that is no command.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {number}: {unclear}")]
pub struct Mistake {
    number: usize,
    unclear: Unclear,
}

impl Script {
    /// Reads a script: a command a line; empty lines and those that begin with `#` are passed over.
    ///
    /// # Errors
    /// The first line that is no command, or one that only a person can give.
    pub fn parse(name: &str, text: &str) -> Result<Self, Mistake> {
        let mut lines = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            if line.trim().is_empty() || line.trim().starts_with('#') {
                continue;
            }
            let command = line.parse().and_then(playable);
            let command = command.map_err(|unclear| Mistake { number, unclear })?;
            lines.push(Line { number, command });
        }
        let title = header(text, "title").unwrap_or(name).to_owned();
        Ok(Self { name: name.to_owned(), title, lines })
    }

    /// How many captions it has.
    pub fn captions(&self) -> usize {
        self.lines.iter().filter(|line| matches!(line.command, Command::Say { .. })).count()
    }
}

/// A script that ends itself, or begins another one, would not be done by the line after that.
fn playable(command: Command) -> Result<Command, Unclear> {
    match command {
        Command::Scenario(_) | Command::Stop | Command::Next => {
            Err(Unclear::new(format!("{command}: scenario, stop and next are for the page, not for scripts")))
        }
        command => Ok(command),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_has_a_title_and_numbered_lines() {
        let script = Script::parse("script", "# title: A try\n\nstage\n# a comment\nsay Look.\n").unwrap();
        assert_eq!((script.title.as_str(), script.captions()), ("A try", 1));
        assert_eq!(script.lines.iter().map(|line| line.number).collect::<Vec<_>>(), [3, 5]);
    }

    #[test]
    fn a_mistake_has_its_line() {
        let mistake = Script::parse("script", "stage\ncut us fr\n").unwrap_err().to_string();
        assert_eq!(mistake, "line 2: cut us fr: there is no replica fr: say us, de or sg");
        let mistake = Script::parse("script", "scenario quiet").unwrap_err().to_string();
        assert!(mistake.contains("are for the page"), "{mistake}");
    }
}
