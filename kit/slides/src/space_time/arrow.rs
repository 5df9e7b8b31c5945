//! Where the arrows of a scene begin and end.

use super::draw::LINES;
use super::place::Placed;
use crate::scene::{Fate, Scene, What};

/// A point, from left and top.
pub(crate) type Point = (f64, f64);

/// A message, as it is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Arrow {
    pub(crate) start: Point,
    pub(crate) end: Point,
    pub(crate) ends: Ends,
    /// Whether it is sent within the scene, not before.
    pub(crate) begins: bool,
}

/// What stands at the end of an arrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ends {
    Arrives,
    Lost,
    Waits,
}

/// How far a message goes that is lost, and one that is still on its way: parts of the way to the next line.
const LOST: f64 = 0.6;
const WAITS: f64 = 0.8;
/// A loss is drawn at most so far below its message's beginning, however late it was noticed.
const FALL: (f64, f64) = (16.0, 64.0);

/// The arrow of each message.
pub(crate) fn arrows(scene: &Scene, placed: &Placed) -> Vec<Arrow> {
    (0..scene.messages.len()).map(|place| arrow(scene, placed, place)).collect()
}

fn arrow(scene: &Scene, placed: &Placed, place: usize) -> Arrow {
    let message = &scene.messages[place];
    let y = |what: What| {
        let at = scene.events.iter().position(|event| event.what == what)?;
        Some(placed.down.events[at])
    };
    let (from, to) = (placed.across.lines[message.from], placed.across.lines[message.to]);
    let sent = y(What::Sent(place));
    // What was sent before the scene begins comes in from above it.
    let start = (from, sent.unwrap_or(LINES));
    // What does not arrive ends before the next line, so that it is no message to the replica there.
    let apart = placed.across.apart() * (to - from).signum();
    let stops = |part: f64, fall: f64| (from + apart * part, start.1 + fall);
    let (end, ends) = match (message.fate, y(What::Arrived(place))) {
        (Fate::Arrives, Some(arrives)) => ((to, arrives), Ends::Arrives),
        (Fate::Lost(at), _) => {
            let noticed = at.map_or(FALL.0, |at| placed.down.at(at) - start.1);
            (stops(LOST, noticed.clamp(FALL.0, FALL.1)), Ends::Lost)
        }
        _ => {
            // Where the scene ends, it is as far as it would be then.
            let fall = (placed.down.height - start.1).min(FALL.1);
            (stops(WAITS * fall / FALL.1, fall), Ends::Waits)
        }
    };
    Arrow { start, end, ends, begins: sent.is_some() }
}
