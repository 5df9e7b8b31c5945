//! A part of a text, from a line that holds one word to a line that holds another: numbers of lines would go
//! stale without anybody noticing.

use anyhow::{Context, Result, bail, ensure};

/// Which lines of a block are shown.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Part {
    from: Option<String>,
    to: Option<String>,
}

impl Part {
    /// Reads `from="two words" to=one`.
    pub(crate) fn parse(options: &str) -> Result<Self> {
        let (mut part, mut rest) = (Self::default(), options.trim());
        while !rest.is_empty() {
            let (name, value) = rest.split_once('=').with_context(|| format!("'{rest}': {HELP}"))?;
            let value = match value.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"'),
                None => Some(value.split_once(' ').unwrap_or((value, ""))),
            };
            let (value, after) = value.with_context(|| format!("'{rest}': the second '\"' is missing"))?;
            ensure!(!value.is_empty(), "'{rest}': {HELP}");
            match name {
                "from" => part.from = Some(value.to_owned()),
                "to" => part.to = Some(value.to_owned()),
                _ => bail!("'{name}': {HELP}"),
            }
            rest = after.trim_start();
        }
        Ok(part)
    }

    /// The lines from the first one that holds `from` to the next that holds `to`, moved to the left together.
    pub(crate) fn of(&self, text: &str) -> Result<String> {
        let lines: Vec<&str> = text.lines().collect();
        let find = |word: &Option<String>, start: usize| {
            word.as_ref().map(|word| {
                let place = lines.iter().skip(start).position(|line| line.contains(word));
                place.map(|place| start + place).with_context(|| format!("no line holds '{word}'"))
            })
        };
        let first = find(&self.from, 0).transpose()?.unwrap_or(0);
        let last = find(&self.to, first).transpose()?.unwrap_or(lines.len().saturating_sub(1));
        let lines = lines.get(first..=last).unwrap_or_default();
        let indent = |line: &&str| line.len() - line.trim_start().len();
        let left = lines.iter().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
        let mut out = String::new();
        for line in lines {
            out += line.get(left..).unwrap_or_default();
            out.push('\n');
        }
        Ok(out)
    }
}

const HELP: &str =
    "the options of code and text are from=\"words of its first line\" and to=\"words of its last\"";

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "one\n  two {\n    three\n  }\nfour\n";

    fn part(options: &str) -> String {
        Part::parse(options).unwrap().of(TEXT).unwrap()
    }

    #[test]
    fn from_to_or_both() {
        assert_eq!(part(""), TEXT);
        assert_eq!(part("from=\"two {\" to=}"), "two {\n  three\n}\n");
        assert_eq!(part("from=four"), "four\n");
        assert_eq!(part("to=one"), "one\n");
    }

    #[test]
    fn a_word_that_is_nowhere_is_an_error() {
        let error = Part::parse("from=five").unwrap().of(TEXT).unwrap_err();
        assert_eq!(error.to_string(), "no line holds 'five'");
        // A match before `from` is not the end.
        assert!(Part::parse("from=four to=one").unwrap().of(TEXT).is_err());
    }

    #[test]
    fn other_options_are_refused() {
        for options in ["lines=3", "from", "from=\"two", "from="] {
            assert!(Part::parse(options).is_err(), "{options}");
        }
    }
}
