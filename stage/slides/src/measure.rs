//! The width of text, computed without a browser.

use crate::block::{Face, Inline};

/// Of the printable ASCII characters of IBM Plex Sans, in thousandths of the size; from the font's table `hmtx`.
const REGULAR: [u16; 95] = [
    236, 284, 419, 713, 598, 927, 694, 242, 335, 335, 450, 600, 272, 399, 272, 383, 600, 600, 600, 600, 600,
    600, 600, 600, 600, 600, 292, 292, 600, 600, 600, 477, 891, 641, 653, 621, 671, 583, 559, 695, 707, 400,
    510, 634, 501, 812, 707, 708, 606, 708, 640, 581, 572, 678, 609, 891, 613, 593, 580, 317, 383, 317, 600,
    565, 600, 534, 580, 503, 580, 549, 324, 528, 568, 250, 250, 527, 272, 873, 568, 560, 580, 580, 367, 487,
    351, 568, 492, 768, 507, 499, 464, 343, 314, 343, 600,
];

/// The same of its semibold.
const SEMIBOLD: [u16; 95] = [
    236, 309, 471, 656, 600, 960, 713, 260, 337, 337, 556, 600, 299, 402, 299, 437, 600, 600, 600, 600, 600,
    600, 600, 600, 600, 600, 319, 319, 600, 600, 600, 493, 899, 672, 663, 642, 689, 600, 577, 712, 719, 423,
    545, 678, 521, 817, 719, 712, 641, 712, 664, 611, 580, 689, 638, 949, 655, 632, 599, 329, 437, 329, 600,
    559, 600, 559, 600, 513, 600, 558, 350, 545, 588, 275, 275, 562, 294, 888, 588, 563, 600, 600, 393, 499,
    374, 588, 524, 819, 544, 524, 502, 363, 376, 363, 600,
];

/// Every character of JetBrains Mono, in parts of its size.
pub(crate) const MONO: f64 = 0.6;

/// How wide one line of text is, in pixels.
pub(crate) fn width(face: Face, text: &str, size: f64) -> f64 {
    text.chars().map(|c| advance(face, c)).sum::<f64>() * size
}

fn advance(face: Face, c: char) -> f64 {
    let widths = match face {
        Face::Mono => return MONO,
        Face::Sans => &REGULAR,
        Face::Bold => &SEMIBOLD,
    };
    let place = (c as usize).checked_sub(' ' as usize);
    place.and_then(|place| widths.get(place)).map_or(MONO, |width| f64::from(*width) / 1000.0)
}

/// How many lines flowing text takes in a column so wide, both in pixels.
pub(crate) fn lines(text: &Inline, size: f64, column: f64) -> usize {
    let (mut lines, mut line, mut word) = (1, 0.0, 0.0);
    for (face, run) in &text.runs {
        // Code within a line is set a little smaller, on a ground with some space around it.
        let (size, around) = if *face == Face::Mono { (size * 0.9, size * 0.3) } else { (size, 0.0) };
        word += around;
        for c in run.chars() {
            match c {
                '\n' => (lines, line, word) = (lines + 1, 0.0, 0.0),
                ' ' => (line, word) = (line + word + advance(*face, c) * size, 0.0),
                c => word += advance(*face, c) * size,
            }
            if line > 0.0 && line + word > column {
                (lines, line) = (lines + 1, 0.0);
            }
        }
    }
    lines
}

/// How wide flowing text is that isn't broken, in pixels.
pub(crate) fn unbroken(text: &Inline, size: f64) -> f64 {
    text.runs.iter().map(|(face, run)| width(*face, run, size)).sum()
}
