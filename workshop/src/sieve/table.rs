//! The table of mutants, as it is committed.

use std::collections::BTreeMap;
use std::fmt;

use super::fleet::Fate;

/// What is said of one that nobody has looked into.
const NO_WORD: &str = "not looked into";

/// What stands in place of a seed where none was run.
const NOT_TRIED: &str = "not tried";

/// What came of each mutant, by its name.
#[derive(Default)]
pub struct Table(BTreeMap<String, Row>);

struct Row {
    /// The seed that found it; or that none did.
    by: String,
    /// The promise that is broken; or why it is missed, which people write.
    words: String,
}

impl Row {
    fn is_found(&self) -> bool {
        self.by.parse::<u64>().is_ok()
    }

    fn is_missed(&self) -> bool {
        self.by.starts_with("missed")
    }
}

impl Table {
    /// What stands in a table.
    pub fn parse(text: &str) -> Self {
        let row = |line: &str| {
            let mut cells = line.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ");
            let (name, by, words) = (cells.next()?, cells.next()?, cells.next()?);
            let row = Row { by: by.to_owned(), words: words.to_owned() };
            name.starts_with(char::is_numeric).then(|| (name.to_owned(), row))
        };
        Self(text.lines().filter_map(row).collect())
    }

    /// Has a row for each of these, and for no other.
    pub fn list<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) {
        let row = |name: &str| {
            let not_tried = || Row { by: NOT_TRIED.to_owned(), words: String::new() };
            (name.to_owned(), self.0.remove(name).unwrap_or_else(not_tried))
        };
        self.0 = names.into_iter().map(row).collect();
    }

    /// Notes what came of a mutant in so many seeds. What was written of one that is missed again is kept.
    pub fn note(&mut self, name: &str, fate: Fate, seeds: u64) {
        let before = self.0.remove(name).filter(Row::is_missed).map(|row| row.words);
        let (by, words) = match fate {
            Fate::Found { seed, promise } => (seed.to_string(), promise),
            Fate::Stuck => ("none".to_owned(), "it stands still, or ends without a word".to_owned()),
            Fate::Missed => (format!("missed in {seeds}"), before.unwrap_or_else(|| NO_WORD.to_owned())),
        };
        self.0.insert(name.to_owned(), Row { by, words });
    }

    /// How many are found.
    pub fn share(&self) -> String {
        let found = self.0.values().filter(|row| row.is_found()).count();
        let tried = self.0.values().filter(|row| row.by != NOT_TRIED).count();
        let share = format!("{found} of {tried} found, {} %", found * 100 / tried.max(1));
        match self.0.len() - tried {
            0 => share,
            others => format!("{share}; not tried: {others}"),
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "# What the simulated fleet finds\n\n\
             Each plausible wrong answer of chapters 04 to 06 (`solutions/*/mutants`) was built into a fleet of \
             chapter 06, and seeds\nwere run from 1 until one broke a promise: {}. `cargo workshop world --mutants` \
             writes this table;\nwhy one is missed is written by hand, and kept.\n\n\
             | mutant | found by seed | the first promise that is broken, or why it is missed |\n| --- | --- | --- |",
            self.share(),
        )?;
        self.0.iter().try_for_each(|(name, Row { by, words })| writeln!(f, "| {name} | {by} | {words} |"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_of_those_that_are_missed_is_kept() {
        let mut table =
            Table::parse("| 06 wide-scan | missed in 5 | it costs bytes |\n| 06 gone | 4 | lost |\n");
        table.list(["05 late-ack", "06 new", "06 other", "06 waits", "06 wide-scan"]);
        let promise = "nothing deleted is back".to_owned();
        table.note("05 late-ack", Fate::Found { seed: 3, promise }, 100);
        table.note("06 wide-scan", Fate::Missed, 100);
        table.note("06 new", Fate::Missed, 100);
        table.note("06 waits", Fate::Stuck, 100);
        let text = table.to_string();
        assert!(text.contains("promise: 1 of 4 found, 25 %; not tried: 1."), "{text}");
        let rows = "| 05 late-ack | 3 | nothing deleted is back |\n\
                    | 06 new | missed in 100 | not looked into |\n\
                    | 06 other | not tried |  |\n\
                    | 06 waits | none | it stands still, or ends without a word |\n\
                    | 06 wide-scan | missed in 100 | it costs bytes |\n";
        assert!(text.ends_with(rows), "{text}");
        assert_eq!(Table::parse(&text).to_string(), text);
    }
}
