//! The words of a command.

use crate::region::Region;

/// The available commands, for an unknown one.
const COMMANDS: &str = "say put, delete, load, cut, heal, reset, rtt, pause, continue, kill, start, scenario, \
                        stop, next, stage, say, hold, wait or expect";

/// A line that is no command, and what may be said.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unclear(String);

impl Unclear {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The first word is no command.
    pub(crate) fn command(word: Option<&str>) -> Self {
        Self(match word {
            Some(word) => format!("there is no command {word}: {COMMANDS}"),
            None => format!("there is no command here: {COMMANDS}"),
        })
    }
}

/// The words of a line that were not read yet.
pub(crate) struct Words<'a> {
    line: &'a str,
    rest: &'a str,
}

impl<'a> Words<'a> {
    pub(crate) fn new(line: &'a str) -> Self {
        Self { line: line.trim(), rest: line.trim() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(crate) fn peek(&self) -> Option<&'a str> {
        self.rest.split_whitespace().next()
    }

    pub(crate) fn next(&mut self) -> Option<&'a str> {
        let word = self.peek()?;
        self.rest = self.rest[word.len()..].trim_start();
        Some(word)
    }

    pub(crate) fn take_if(&mut self, wanted: &str) -> bool {
        let is = self.peek() == Some(wanted);
        if is {
            self.next();
        }
        is
    }

    /// All that is left, word by word.
    pub(crate) fn all(&mut self) -> impl Iterator<Item = &'a str> {
        std::mem::take(&mut self.rest).split_whitespace()
    }

    pub(crate) fn region(&mut self) -> Result<Region, Unclear> {
        match self.next() {
            Some(word) => match Region::ALL.into_iter().find(|region| region.name() == word) {
                Some(region) => Ok(region),
                None => self.unclear(format!("there is no replica {word}: say us, de or sg")),
            },
            None => self.unclear("a replica is missing: say us, de or sg"),
        }
    }

    /// One word of at most this many characters.
    pub(crate) fn text(&mut self, what: &str, most: usize) -> Result<String, Unclear> {
        let word = self.next().unwrap_or_default();
        self.checked(word, what, most)
    }

    /// The rest, at most this many characters.
    pub(crate) fn rest(&mut self, what: &str, most: usize) -> Result<String, Unclear> {
        let rest = std::mem::take(&mut self.rest);
        self.checked(rest, what, most)
    }

    fn checked(&self, text: &str, what: &str, most: usize) -> Result<String, Unclear> {
        match text.chars().count() {
            0 => self.unclear(format!("{what} is missing")),
            count if count > most => self.unclear(format!("{what} has at most {most} characters")),
            _ => Ok(text.to_owned()),
        }
    }

    pub(crate) fn number(&mut self, what: &str, most: u32) -> Result<u32, Unclear> {
        let number = self.next().and_then(|word| word.parse().ok()).filter(|number| *number <= most);
        match number {
            Some(number) => Ok(number),
            None => self.unclear(format!("say how many {what}, from 0 to {most}")),
        }
    }

    /// There must be no more.
    pub(crate) fn end(&self) -> Result<(), Unclear> {
        if self.rest.is_empty() {
            return Ok(());
        }
        self.unclear(format!("{:?} is too much", self.rest))
    }

    pub(crate) fn unclear<T>(&self, why: impl Into<String>) -> Result<T, Unclear> {
        Err(Unclear(format!("{}: {}", self.line, why.into())))
    }
}

#[cfg(test)]
mod tests {
    use crate::command::Command;

    #[test]
    fn a_command_is_written_as_it_is_read() {
        let lines = [
            "put us apple red and round",
            "delete us apple",
            "load 20",
            "cut us de",
            "cut us > de",
            "heal us > de",
            "heal",
            "reset us de",
            "rtt us de 80",
            "pause sg",
            "continue sg",
            "kill sg",
            "start sg",
            "start sg +3600",
            "start sg -1",
            "scenario stomp",
            "stop",
            "next",
            "stage",
            "stage --log-changes 8 --no-streaming",
            "say Watch the link: it is cut.",
            "hold",
            "wait 2",
            "wait 0.5",
            "wait converged",
            "wait diverged",
            "wait differ 1",
            "wait us apple collected",
            "expect de apple red and round",
            "expect de apple none",
            "expect de running",
        ];
        for line in lines {
            let command: Command = line.parse().unwrap();
            assert_eq!(command.to_string(), line);
            assert_eq!(format!("  {line}\t").parse::<Command>().unwrap(), command);
        }
    }

    #[test]
    fn what_is_no_command_is_answered_with_what_may_be_said() {
        let unclear = [
            ("", "there is no command here: say put"),
            ("destroy us", "there is no command destroy: say put"),
            ("put fr apple red", "put fr apple red: there is no replica fr: say us, de or sg"),
            ("put us apple", "put us apple: a value is missing"),
            ("put us", "put us: a key is missing"),
            ("cut us", "cut us: a replica is missing: say us, de or sg"),
            ("cut us us", "there is no way from us to itself"),
            ("cut us de sg", "\"sg\" is too much"),
            ("rtt us > de 80", "a round trip goes both ways"),
            ("reset us > de", "a connection goes both ways: say reset us de"),
            ("start us late", "say by how many seconds its clock is wrong"),
            ("rtt us de far", "say how many milliseconds, from 0 to 10000"),
            ("load 501", "say how many writes a second, from 0 to 500"),
            ("load -1", "from 0 to 500"),
            ("scenario storm", "say scenario and one of quiet, partition"),
            ("wait 1e9", "a wait takes from 0 to 600 seconds"),
            ("wait NaN", "a wait takes from 0 to 600 seconds"),
            ("wait", "say converged, diverged, differ 1, de apple red"),
            ("expect de", "say converged, diverged, differ 1, de apple red"),
            ("put us apple red\nkill us", "one command is one line"),
        ];
        for (line, answer) in unclear {
            let error = line.parse::<Command>().unwrap_err().to_string();
            assert!(error.contains(answer), "{line:?} is answered with {error:?}");
        }
        let long = format!("put us apple {}", "x".repeat(101));
        assert!(long.parse::<Command>().unwrap_err().to_string().contains("at most 100 characters"));
    }
}
