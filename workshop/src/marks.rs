//! The markers of exercises in an attendee's file: which is missing, and the line to put back.

use crate::region::{Source, is_mark};

/// What is wrong with the markers of this text, which should have those of the solution in their order.
pub fn broken(shown: &str, solution: &Source, text: &str) -> Option<String> {
    let lines = text.lines().map(str::trim).enumerate();
    let found: Vec<(usize, &str)> = lines.filter(|(_, line)| is_mark(line)).collect();
    let wanted: Vec<&str> = solution.marks().collect();
    let too_many = |&(line, mark): &(usize, &str)| {
        format!("{shown}:{}: this line belongs to no exercise, remove it:\n    {mark}", line + 1)
    };
    for (at, mark) in wanted.iter().enumerate() {
        let here = found.get(at);
        if here.is_some_and(|(_, here)| same(here, mark)) {
            continue;
        }
        if let Some(extra) = here.filter(|(_, here)| !wanted[at..].iter().any(|mark| same(mark, here))) {
            return Some(too_many(extra));
        }
        // If several are missing, the remaining ones do not show which.
        let one = found.len() + 1 == wanted.len();
        let line = |at: usize| found.get(at).filter(|_| one).map(|(line, _)| line + 1);
        return Some(missing(shown, mark, at.checked_sub(1).and_then(line), line(at)));
    }
    found.get(wanted.len()).map(too_many)
}

/// A marker that is not there, between the lines of those that are.
fn missing(shown: &str, mark: &str, after: Option<usize>, before: Option<usize>) -> String {
    let (what, side) = match mark.strip_prefix("// end ") {
        Some(exercise) => (format!("{exercise} has no end"), "below"),
        None => {
            let exercise = mark.trim_start_matches("// ").split(": ").next().unwrap_or_default();
            (format!("{exercise} has no beginning"), "above")
        }
    };
    let place = match (after, before) {
        (Some(after), Some(before)) => format!(", between lines {after} and {before}"),
        (Some(after), None) => format!(", after line {after}"),
        (None, Some(before)) => format!(", before line {before}"),
        (None, None) => String::new(),
    };
    format!("{shown}: {what}. Put this line back, {side} your code{place}:\n    {mark}")
}

/// The same except for the title, which somebody may have reworded.
fn same(one: &str, other: &str) -> bool {
    one.split(": ").next() == other.split(": ").next()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOLUTION: &str = "\
a
// exercise 1.1: One
b
// end exercise 1.1
// exercise 1.2: Two
c
// end exercise 1.2
";

    fn of(text: &str) -> Option<String> {
        broken("lib.rs", &Source::parse(SOLUTION).unwrap(), text)
    }

    #[test]
    fn each_marker_that_is_missing_is_named_with_its_line() {
        assert_eq!(of(SOLUTION), None);
        assert_eq!(of(&SOLUTION.replace("Two", "2")), None, "a title may be worded anew");
        for (mark, words) in [
            (
                "// exercise 1.1: One",
                "exercise 1.1 has no beginning. Put this line back, above your code, before line 3:",
            ),
            (
                "// end exercise 1.1",
                "exercise 1.1 has no end. Put this line back, below your code, between lines 2 and 4:",
            ),
            (
                "// exercise 1.2: Two",
                "exercise 1.2 has no beginning. Put this line back, above your code, between lines 4 and 6:",
            ),
            (
                "// end exercise 1.2",
                "exercise 1.2 has no end. Put this line back, below your code, after line 5:",
            ),
        ] {
            assert_eq!(
                of(&SOLUTION.replace(&format!("{mark}\n"), "")),
                Some(format!("lib.rs: {words}\n    {mark}"))
            );
        }
    }

    #[test]
    fn a_marker_too_many_is_named() {
        let twice = SOLUTION.replace("c\n", "c\n// end exercise 1.2\n// exercise 1.2: Two\nc\n");
        assert_eq!(
            of(&twice).unwrap(),
            "lib.rs:8: this line belongs to no exercise, remove it:\n    // exercise 1.2: Two"
        );
        let comment = SOLUTION.replace("c\n", "// exercise for the reader\nc\n");
        assert!(of(&comment).unwrap().starts_with("lib.rs:6: this line belongs to no exercise"));
    }
}
