//! Numbers of chapters and exercises, as an attendee types them.

use std::fmt;
use std::str::FromStr;

use anyhow::{Context, Error, Result, bail};
use serde::{Deserialize, Serialize};

/// An exercise: the second of chapter 1 is `1.2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Id {
    pub chapter: u8,
    pub number: u8,
}

/// What a command is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    Chapter(u8),
    Exercise(Id),
}

impl Target {
    pub fn chapter(self) -> u8 {
        match self {
            Target::Chapter(chapter) => chapter,
            Target::Exercise(id) => id.chapter,
        }
    }

    pub fn exercise(self) -> Option<Id> {
        match self {
            Target::Chapter(_) => None,
            Target::Exercise(id) => Some(id),
        }
    }
}

impl FromStr for Id {
    type Err = Error;

    /// Accepts `1.2` and `01.2`.
    fn from_str(text: &str) -> Result<Id> {
        match text.parse::<Target>()? {
            Target::Exercise(id) => Ok(id),
            Target::Chapter(_) => bail!("'{text}' is a chapter; an exercise is written like 1.2"),
        }
    }
}

impl FromStr for Target {
    type Err = Error;

    /// Accepts `1` and `01` for a chapter, `1.2` and `01.2` for an exercise.
    fn from_str(text: &str) -> Result<Target> {
        let number = |digits: &str| {
            let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
            let value = digits.parse::<u8>().ok().filter(|&value| plain && value > 0);
            value.with_context(|| format!("'{text}' is not a chapter or exercise; write 01 or 1.2"))
        };
        match text.split_once('.') {
            None => Ok(Target::Chapter(number(text)?)),
            Some((chapter, exercise)) => {
                Ok(Target::Exercise(Id { chapter: number(chapter)?, number: number(exercise)? }))
            }
        }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.chapter, self.number)
    }
}

impl TryFrom<String> for Id {
    type Error = Error;

    fn try_from(text: String) -> Result<Id> {
        text.parse()
    }
}

impl From<Id> for String {
    fn from(id: Id) -> String {
        id.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chapter_or_an_exercise_in_either_spelling() {
        for text in ["1", "01"] {
            assert_eq!(text.parse::<Target>().unwrap(), Target::Chapter(1));
        }
        for text in ["1.2", "01.2", "01.02"] {
            assert_eq!(text.parse::<Id>().unwrap(), Id { chapter: 1, number: 2 });
        }
        for text in ["", ".", "0", "1.", "1.0", "one", "+1", "1.2.3", "300"] {
            assert!(text.parse::<Target>().is_err(), "{text}");
        }
        assert!("1".parse::<Id>().is_err());
    }
}
