//! Finds the largest text with which a scene has room, and then the steepest arrows.

use anyhow::{Context, Result, bail};

use super::across::{Across, Side, sides};
use super::arrow::arrows;
use super::cross::crossings;
use super::down::{Distances, Down};
use super::text::texts;
use crate::scene::{Message, Scene, What};

/// A scene with everything in its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Placed {
    pub(crate) across: Across,
    pub(crate) down: Down,
    /// Of text, in pixels.
    pub(crate) size: f64,
    pub(crate) row: f64,
}

/// Sizes of text with the least height of an arrow, the best first; a smaller text cannot be read from the last
/// row.
const TRIES: [(f64, f64); 8] = [
    (26.0, 34.0),
    (24.0, 32.0),
    (22.0, 30.0),
    (20.0, 30.0),
    (22.0, 22.0),
    (20.0, 18.0),
    (20.0, 16.0),
    (18.0, 14.0),
];

/// A text is larger than that only where none has to be broken for it.
const NORMAL: f64 = 22.0;

/// An arrow goes down at most by this part of the distance that it goes across.
const STEEPEST: f64 = 0.7;

/// Places a scene in so many pixels.
///
/// # Errors
/// If it needs more, with what to do.
pub(crate) fn place(scene: &Scene, height: f64) -> Result<Placed> {
    let mut sides = sides(scene);
    let mut best = with(scene, &sides, height)?;
    let mut fewest = met(scene, &best);
    let middle = 1..scene.columns.len() - 1;
    for at in 0..scene.events.len() {
        let label = best.across.labels[at].as_ref();
        if fewest == 0 || !label.is_some_and(|label| middle.contains(&label.column)) {
            continue;
        }
        sides[at] = sides[at].other();
        match with(scene, &sides, height).map(|other| (met(scene, &other), other)) {
            Ok((fewer, other)) if fewer < fewest => (fewest, best) = (fewer, other),
            _ => sides[at] = sides[at].other(),
        }
    }
    Ok(best)
}

fn met(scene: &Scene, placed: &Placed) -> usize {
    crossings(&texts(scene, placed), &arrows(scene, placed))
}

/// Places a scene with each event's text on its side.
fn with(scene: &Scene, sides: &[Side], height: f64) -> Result<Placed> {
    let mut least = f64::MAX;
    for (size, step) in TRIES {
        let Some(across) = Across::new(scene, size, sides) else { continue };
        if size > NORMAL && across.labels.iter().flatten().any(|label| label.lines.len() > 1) {
            continue;
        }
        let row = size * 1.2;
        // With ticks as far apart as rows the arrows of a burst are parallel; where that is too much, they fan.
        for tick in [row, 15.0, 8.0] {
            let distances = Distances { row, tick, step, scale: 0.0 };
            let down = Down::new(scene, &across, distances);
            least = least.min(down.height);
            if down.height <= height {
                let down = stretch(scene, &across, distances, height);
                return Ok(Placed { across, down, size, row });
            }
        }
    }
    let (first, last) =
        scene.events.first().zip(scene.events.last()).context("nothing happens in the scene")?;
    if least == f64::MAX {
        bail!("the labels of this diagram are too wide for {} columns; shorten them", scene.columns.len());
    }
    bail!(
        "this diagram is {:.0} pixels too high to be read from the last row; \
         show a part of its {} to {} {}: diagram from=... to=...",
        least - height,
        first.at,
        last.at,
        scene.unit
    )
}

/// Gives the height that is left to the scale of time.
fn stretch(scene: &Scene, across: &Across, distances: Distances, height: f64) -> Down {
    // The longest that a message takes from a column to the next.
    let longest = (0..scene.messages.len()).filter_map(|place| latency(scene, place)).fold(1.0, f64::max);
    let (mut low, mut high) = (0.0, STEEPEST * across.apart() / longest);
    let at = |scale| Down::new(scene, across, Distances { scale, ..distances });
    if at(high).height <= height {
        return at(high);
    }
    for _ in 0..30 {
        let middle = (low + high) / 2.0;
        if at(middle).height <= height { low = middle } else { high = middle }
    }
    at(low)
}

/// What a message takes from a column to the next.
fn latency(scene: &Scene, place: usize) -> Option<f64> {
    let at = |what: What| scene.events.iter().find(|event| event.what == what).map(|event| event.at);
    let Message { from, to, .. } = scene.messages[place];
    let takes = at(What::Arrived(place))? - at(What::Sent(place))?;
    Some(takes as f64 / from.abs_diff(to).max(1) as f64)
}
