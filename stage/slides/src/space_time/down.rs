//! Where things stand from top to bottom: the later, the lower.
//!
//! Where much happens in a few milliseconds the scale of time is stretched, so that every text has its row;
//! an event never stands above one that was earlier.

use super::across::Across;
use crate::scene::{Scene, What};

/// What distances are kept, in pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Distances {
    /// From a line of text to the next.
    pub(crate) row: f64,
    /// Between two events of one replica.
    pub(crate) tick: f64,
    /// From the last event of one time to the first of the next.
    pub(crate) step: f64,
    /// Of one unit of time, at least.
    pub(crate) scale: f64,
}

/// The first event, below the names.
pub(crate) const TOP: f64 = 84.0;
/// From the last event to the end of the lines.
const TAIL: f64 = 26.0;
/// Between two times at the edge.
const TIME: f64 = 21.0;

/// The height of a scene, shared out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Down {
    /// The place of each event.
    pub(crate) events: Vec<f64>,
    /// Each time at which something happens, and its place.
    pub(crate) times: Vec<(u64, f64)>,
    pub(crate) height: f64,
}

impl Down {
    pub(crate) fn new(scene: &Scene, across: &Across, distances: Distances) -> Self {
        let Distances { row, tick, step, scale } = distances;
        let columns = scene.columns.len();
        // From where on a column, and each side of it, is free.
        let mut columns_free = vec![f64::MIN; columns];
        let mut sides_free = vec![[f64::MIN; 2]; columns];
        let mut sent = vec![f64::MIN; scene.messages.len()];
        let (mut events, mut times) = (Vec::new(), Vec::<(u64, f64)>::new());
        let mut lowest = TOP;
        for (event, label) in scene.events.iter().zip(&across.labels) {
            let start = match times.last() {
                Some(&(at, start)) if at == event.at => start,
                Some(&(at, start)) => {
                    let passed = (event.at - at) as f64 * scale;
                    let start = (lowest + step).max(start + passed.max(TIME));
                    times.push((event.at, start));
                    start
                }
                None => {
                    times.push((event.at, TOP));
                    TOP
                }
            };
            let column = match event.what {
                What::Sent(place) => scene.messages[place].from,
                What::Arrived(place) => scene.messages[place].to,
                What::Note(column, _) => column,
            };
            let mut y = start.max(columns_free[column]);
            if let Some(label) = label {
                let free = &mut sides_free[label.column][label.side as usize];
                let lift = label.lift(row);
                y = y.max(*free + lift);
                *free = y - lift + row * label.lines.len() as f64;
                lowest = lowest.max(*free - row);
            }
            match event.what {
                What::Sent(place) => sent[place] = y,
                What::Arrived(place) => y = y.max(sent[place]),
                What::Note(..) => {}
            }
            columns_free[column] = y + tick;
            lowest = lowest.max(y);
            events.push(y);
        }
        Self { events, times, height: lowest + TAIL }
    }

    /// The place of a time, at which nothing need happen.
    pub(crate) fn at(&self, time: u64) -> f64 {
        let later = self.times.iter().position(|(at, _)| *at >= time).unwrap_or(self.times.len());
        match (later.checked_sub(1).map(|before| self.times[before]), self.times.get(later)) {
            (Some((before, from)), Some(&(after, to))) => {
                from + (to - from) * (time - before) as f64 / (after - before) as f64
            }
            (None, Some(&(_, to))) => to,
            (_, None) => self.height,
        }
    }
}
