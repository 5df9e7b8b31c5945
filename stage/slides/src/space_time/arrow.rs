//! Where the arrows of a scene begin and end.

use super::cross::meets;
use super::draw::{CROSS, LINES};
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

/// How far a message goes that is lost: parts of its way, so that one sees to whom it was sent, the best first.
const LOST: [f64; 7] = [0.67, 0.62, 0.72, 0.77, 0.57, 0.82, 0.42];
/// How far one goes that is still on its way: a part of the way to the next line.
const WAITS: f64 = 0.8;
/// Around a cross nothing else passes.
const CLEAR: f64 = CROSS + 5.0;
/// A loss is drawn at most so far below its message's beginning, however late it was noticed.
const FALL: (f64, f64) = (16.0, 64.0);

/// The arrow of each message.
pub(crate) fn arrows(scene: &Scene, placed: &Placed) -> Vec<Arrow> {
    let mut arrows: Vec<Arrow> = (0..scene.messages.len()).map(|place| arrow(scene, placed, place)).collect();
    for place in 0..arrows.len() {
        if arrows[place].ends == Ends::Lost {
            let way = LOST.map(|part| lost(scene, placed, place, arrows[place], part));
            let free = way.iter().find(|end| is_free(placed, &arrows, place, **end));
            arrows[place].end = *free.unwrap_or(&way[0]);
        }
    }
    arrows
}

/// The end of a lost message after this part of its way, as steep as it began.
fn lost(scene: &Scene, placed: &Placed, place: usize, arrow: Arrow, part: f64) -> Point {
    let lines = &placed.across.lines;
    let way = lines[scene.messages[place].to] - lines[scene.messages[place].from];
    let fall = (arrow.end.1 - arrow.start.1) * part / LOST[0];
    (arrow.start.0 + way * part, arrow.start.1 + fall)
}

/// Whether no other arrow and no replica's line passes a cross there.
fn is_free(placed: &Placed, arrows: &[Arrow], place: usize, (x, y): Point) -> bool {
    let (low, high) = ((x - CLEAR, y - CLEAR), (x + CLEAR, y + CLEAR));
    let others = arrows.iter().enumerate().filter(|(other, _)| *other != place);
    placed.across.lines.iter().all(|line| (line - x).abs() > CLEAR)
        && others.into_iter().all(|(_, other)| !meets(other.start, other.end, low, high))
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
    // What is on its way ends before the next line, so that it is no message to the replica there.
    let apart = placed.across.apart() * (to - from).signum();
    let stops = |part: f64, fall: f64| (from + apart * part, start.1 + fall);
    let (end, ends) = match (message.fate, y(What::Arrived(place))) {
        (Fate::Arrives, Some(arrives)) => ((to, arrives), Ends::Arrives),
        (Fate::Lost(at), _) => {
            let noticed = at.map_or(FALL.0, |at| placed.down.at(at) - start.1);
            (stops(LOST[0], noticed.clamp(FALL.0, FALL.1)), Ends::Lost)
        }
        _ => {
            // Where the scene ends, it is as far as it would be then.
            let fall = (placed.down.height - start.1).min(FALL.1);
            (stops(WAITS * fall / FALL.1, fall), Ends::Waits)
        }
    };
    Arrow { start, end, ends, begins: sent.is_some() }
}
