//! How often an arrow runs through a text. Between two lines that cannot always be avoided; text then stands
//! before the arrow.

use super::arrow::{Arrow, Ends, Point};
use super::draw::CROSS;
use super::text::Text;

/// Around a text, so that an arrow that only touches it counts too.
const MARGIN: f64 = 3.0;

/// How many pairs of a text and an arrow there are that meet. A cross upon a text counts as more.
pub(crate) fn crossings(texts: &[Text], arrows: &[Arrow]) -> usize {
    let weight = |text: &Text, arrow: &Arrow| {
        let low = (text.left - MARGIN, text.y - text.size / 2.0);
        let high = (text.left + text.width() + MARGIN, text.y + text.size / 2.0);
        let (x, y) = arrow.end;
        let marked = arrow.ends == Ends::Lost
            && x + CROSS > low.0
            && x - CROSS < high.0
            && y + CROSS > low.1
            && y - CROSS < high.1;
        3 * usize::from(marked) + usize::from(meets(arrow.start, arrow.end, low, high))
    };
    texts.iter().map(|text| arrows.iter().map(|arrow| weight(text, arrow)).sum::<usize>()).sum()
}

/// Whether a line runs through a box: its part within the box, cut at each edge in turn, is not empty
/// (Liang and Barsky, "A New Concept and Method for Line Clipping", 1984).
pub(crate) fn meets(start: Point, end: Point, low: Point, high: Point) -> bool {
    let (mut first, mut last) = (0.0_f64, 1.0_f64);
    for (start, end, low, high) in [(start.0, end.0, low.0, high.0), (start.1, end.1, low.1, high.1)] {
        let way = end - start;
        if way.abs() < 1e-9 {
            if start < low || start > high {
                return false;
            }
            continue;
        }
        let (a, b) = ((low - start) / way, (high - start) / way);
        first = first.max(a.min(b));
        last = last.min(a.max(b));
    }
    first < last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_through_a_box_beside_it_and_before_it() {
        let (low, high) = ((10.0, 10.0), (20.0, 20.0));
        assert!(meets((0.0, 0.0), (30.0, 30.0), low, high));
        assert!(meets((15.0, 0.0), (15.0, 30.0), low, high));
        assert!(!meets((0.0, 0.0), (9.0, 9.0), low, high));
        assert!(!meets((0.0, 12.0), (12.0, 0.0), low, high));
        assert!(!meets((5.0, 0.0), (5.0, 30.0), low, high));
    }
}
