//! Two texts line by line, with words for the two sides that a learner understands.

use similar::{ChangeTag, TextDiff};

use crate::term::Paint;

/// Up to this many lines a text is shown whole.
const WHOLE: usize = 40;

/// How many equal lines are shown around a difference in a longer text.
const AROUND: usize = 4;

/// The two sides of a comparison and what to call them.
pub struct Sides<'a> {
    /// Lines that are only here are marked `-`.
    pub left: (&'a str, &'a str),
    /// Lines that are only here are marked `+`.
    pub right: (&'a str, &'a str),
}

impl Sides<'_> {
    /// A legend, then the lines of both.
    pub fn show(&self, paint: Paint) -> String {
        let ((left, before), (right, after)) = (self.left, self.right);
        let mut out =
            format!("{}   {}\n", paint.red(&format!("- {left}")), paint.green(&format!("+ {right}")));
        // A last line without an end would differ from the same line with one.
        let (before, after) = (before.trim_end().to_owned() + "\n", after.trim_end().to_owned() + "\n");
        let diff = TextDiff::from_lines(&before, &after);
        let around = if before.lines().count().max(after.lines().count()) <= WHOLE { WHOLE } else { AROUND };
        for (index, group) in diff.grouped_ops(around).iter().enumerate() {
            if index > 0 {
                out += &paint.dim("  …\n");
            }
            for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
                let line = change.value().trim_end_matches('\n');
                out += &match change.tag() {
                    ChangeTag::Equal => format!("  {line}"),
                    ChangeTag::Delete => paint.red(&format!("- {line}")),
                    ChangeTag::Insert => paint.green(&format!("+ {line}")),
                };
                out.push('\n');
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_all_lines_and_marks_those_that_differ() {
        let sides = Sides { left: ("expected", "a\nb\nc"), right: ("yours", "a\nx\nc\n") };
        assert_eq!(sides.show(Paint(false)), "- expected   + yours\n  a\n- b\n+ x\n  c\n");
    }

    #[test]
    fn shows_a_part_of_a_long_text() {
        let before: String = (0..100).map(|n| format!("{n}\n")).collect();
        let after = before.replace("\n50\n", "\nfifty\n").replace("\n80\n", "\neighty\n");
        let shown = Sides { left: ("a", &before), right: ("b", &after) }.show(Paint(false));
        assert!(shown.contains("- 50\n+ fifty\n") && shown.contains("  …\n"), "{shown}");
        assert!(!shown.contains("  30\n"), "{shown}");
    }
}
