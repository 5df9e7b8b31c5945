//! Which characters a page's own fonts cover. Others would come from whatever font a machine has,
//! or from none.

use std::ops::RangeInclusive;

use anyhow::{Result, bail};

/// A part of the characters of JetBrains Mono, to which text in IBM Plex Sans falls back; from the font's `cmap`.
const KNOWN: &[RangeInclusive<char>] = &[
    ' '..='~',
    '\u{a0}'..='\u{131}',
    '\u{134}'..='\u{17f}',
    'Σ'..='Ϗ',
    '–'..='—',
    '‘'..='‚',
    '“'..='„',
    '†'..='•',
    '…'..='…',
    '←'..='↙',
    '⇑'..='⇔',
    '∀'..='∃',
    '∅'..='∅',
    '∈'..='∉',
    '−'..='−',
    '∞'..='∞',
    '∧'..='∪',
    '≈'..='≈',
    '≠'..='≠',
    '≤'..='≥',
    '⊂'..='⊈',
    '─'..='□',
    '▪'..='▫',
    '▲'..='◇',
    '◎'..='●',
    '◦'..='◫',
    '✓'..='✓',
    '✕'..='✕',
    '✗'..='✗',
];

/// Whether the fonts within a page have all of a slide, whose first line is that `line` of its deck.
///
/// # Errors
/// With the first character that they lack, and its line.
pub(crate) fn check(text: &str, line: usize) -> Result<()> {
    for (at, text) in (line..).zip(text.lines()) {
        if let Some(c) = text.chars().find(|c| !KNOWN.iter().any(|known| known.contains(c))) {
            bail!("line {at}: the fonts of the slides have no '{c}' (U+{:04X})", u32::from(c));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_diagrams_are_drawn_with_is_there_and_an_emoji_is_not() {
        assert!(check("│─┤├┼╌▶◀ ●■▲ ▌█ → × … “é” µ ≤ ≠ φ", 1).is_ok());
        let error = check("one\ntwo 🙂", 7).unwrap_err().to_string();
        assert_eq!(error, "line 8: the fonts of the slides have no '🙂' (U+1F642)");
    }
}
