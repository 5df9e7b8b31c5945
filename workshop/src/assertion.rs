//! What `assert_eq!` says, without its `left` and `right`.

/// An assertion that failed, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub struct Assertion<'a> {
    /// Its author's message; the first line is a heading.
    pub said: &'a str,
    /// What the code made of it.
    pub yours: String,
    /// What it should have been.
    pub expected: String,
}

impl Assertion<'_> {
    /// The message of a panic, if it is that of an `assert_eq!`. By convention the expected value
    /// comes second.
    pub fn of(message: &str) -> Option<Assertion<'_>> {
        let rest = message.strip_prefix("assertion `left == right` failed")?;
        let (said, sides) = rest.rsplit_once("\n  left: ")?;
        let (left, right) = sides.split_once("\n right: ")?;
        let said = said.strip_prefix(": ").unwrap_or(said);
        Some(Assertion { said, yours: text(left), expected: text(right) })
    }
}

/// A value as `{:?}` shows it; a text without its quotes, with lines of its own.
fn text(shown: &str) -> String {
    let Some(quoted) = shown.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return shown.into();
    };
    let mut out = String::new();
    let mut chars = quoted.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (c, false) => out.push(c),
            _ => match chars.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some(c @ ('"' | '\\' | '\'')) => out.push(c),
                // Some other escape: shown as it is.
                other => out.extend(['\\'].into_iter().chain(other)),
            },
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_texts_are_taken_apart() {
        let message = "assertion `left == right` failed: commits for one batch\n  left: 3\n right: 1";
        let assertion = Assertion::of(message).unwrap();
        assert_eq!(assertion.said, "commits for one batch");
        assert_eq!((&*assertion.yours, &*assertion.expected), ("3", "1"));
        let message = "assertion `left == right` failed\n  left: \"a\\n\\\"b\\\"\"\n right: \"c\"";
        let assertion = Assertion::of(message).unwrap();
        assert_eq!((assertion.said, &*assertion.yours, &*assertion.expected), ("", "a\n\"b\"", "c"));
    }

    #[test]
    fn other_messages_are_left_alone() {
        assert_eq!(Assertion::of("assertion failed: x\n  left: 1\n right: 2"), None);
        assert_eq!(Assertion::of("assertion `left == right` failed"), None);
    }
}
