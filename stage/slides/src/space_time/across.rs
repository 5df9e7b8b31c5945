//! Where things stand from left to right.

use crate::fit::WIDTH;
use crate::measure::MONO;
use crate::scene::{Event, Scene, What};

/// Between two replicas' lines; arrows shorter or longer than this show no slope.
const APART: (f64, f64) = (300.0, 620.0);
/// From a line to the text beside it.
pub(crate) const BESIDE: f64 = 16.0;
/// The size of the times at the left edge, and of what stands small in the head.
pub(crate) const SMALL: f64 = 18.0;
/// The size of a replica's name.
pub(crate) const NAME: f64 = 24.0;

/// The side of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

/// Text beside a line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Label {
    pub(crate) column: usize,
    pub(crate) side: Side,
    /// Whether it stands over its own arrow, which leaves on this side and goes down.
    pub(crate) over: bool,
    pub(crate) lines: Vec<String>,
}

impl Label {
    /// From the middle of its first line down to its event, with so much from a line to the next.
    pub(crate) fn lift(&self, row: f64) -> f64 {
        if self.over { row * (self.lines.len() as f64 - 0.4) } else { 0.0 }
    }
}

/// The width of a scene, shared out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Across {
    /// The place of each line.
    pub(crate) lines: Vec<f64>,
    /// The label of each event that has one.
    pub(crate) labels: Vec<Option<Label>>,
    pub(crate) width: f64,
}

impl Side {
    pub(crate) fn other(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
        }
    }
}

impl Across {
    /// Shares the width out, with text of this size, and each event's on its side; none if the lines would come
    /// too close.
    pub(crate) fn new(scene: &Scene, size: f64, sides: &[Side]) -> Option<Self> {
        let columns = scene.columns.len();
        let gaps = columns.saturating_sub(1).max(1) as f64;
        let times = scene
            .events
            .iter()
            .map(|event| event.at.to_string().len())
            .max()
            .unwrap_or(0)
            .max(scene.unit.len());
        let axis = if scene.unit.is_empty() { 0.0 } else { times as f64 * SMALL * MONO + 16.0 };
        // The outer sides get what the least distance leaves; between two lines text may take most of it.
        let outer = (WIDTH - axis - gaps * APART.0) / 2.0 - BESIDE;
        let inner = APART.0 - 2.0 * BESIDE;
        let label = |(event, side): (&Event, &Side)| {
            let (column, other, text) = text(scene, event)?;
            let side = *side;
            let over = other.is_some_and(|other| (other > column) == (side == Side::Right));
            let room = if is_outer(columns, column, side) { outer } else { inner };
            let lines = wrap(&text, (room / (size * MONO)) as usize);
            Some(Label { column, side, over, lines })
        };
        let labels: Vec<Option<Label>> = scene.events.iter().zip(sides).map(label).collect();
        let side = |column: usize, side: Side| {
            let texts = labels.iter().flatten().filter(|label| (label.column, label.side) == (column, side));
            let widest = texts.flat_map(|label| &label.lines).map(|line| line.chars().count()).max();
            let head =
                scene.columns.get(column).map_or(0.0, |column| head_width(&column.name, &column.about));
            (widest.unwrap_or(0) as f64 * size * MONO + BESIDE).max(head / 2.0)
        };
        let (left, right) = (side(0, Side::Left), side(columns - 1, Side::Right));
        let apart = ((WIDTH - axis - left - right) / gaps).min(APART.1);
        if apart < APART.0 - 1.0 {
            return None;
        }
        let lines: Vec<f64> = (0..columns).map(|column| axis + left + apart * column as f64).collect();
        let width = lines.last().copied().unwrap_or_default() + right;
        Some(Self { lines, labels, width })
    }

    /// Between two neighbouring lines.
    pub(crate) fn apart(&self) -> f64 {
        match self.lines.as_slice() {
            [first, second, ..] => second - first,
            _ => APART.0,
        }
    }
}

/// How wide a replica's name is, with what stands small beside it.
pub(crate) fn head_width(name: &str, about: &str) -> f64 {
    let about = if about.is_empty() { 0.0 } else { 12.0 + about.chars().count() as f64 * SMALL * MONO };
    name.chars().count() as f64 * NAME * MONO + about
}

fn is_outer(columns: usize, column: usize, side: Side) -> bool {
    (column == 0 && side == Side::Left) || (column + 1 == columns && side == Side::Right)
}

/// Of which column something is said of an event, where its arrow leads, and what is said.
fn text(scene: &Scene, event: &Event) -> Option<(usize, Option<usize>, String)> {
    match &event.what {
        What::Note(column, text) => Some((*column, None, text.clone())),
        What::Sent(place) => {
            let message = &scene.messages[*place];
            Some((message.from, Some(message.to), message.label.clone()))
        }
        What::Arrived(place) => {
            let message = &scene.messages[*place];
            let sent = scene.events.iter().any(|event| event.what == What::Sent(*place));
            (!sent).then(|| (message.to, Some(message.from), message.label.clone()))
        }
    }
}

/// The side of each event's text: outside, and of a replica in the middle the side that its arrow does not take.
pub(crate) fn sides(scene: &Scene) -> Vec<Side> {
    let last = scene.columns.len() - 1;
    let side = |event: &Event| {
        let (column, other) = match event.what {
            What::Note(column, _) => (column, 0),
            What::Sent(place) => (scene.messages[place].from, scene.messages[place].to),
            What::Arrived(place) => (scene.messages[place].to, scene.messages[place].from),
        };
        if column == last || (column > 0 && other < column) { Side::Right } else { Side::Left }
    };
    scene.events.iter().map(side).collect()
}

/// Lines of so many characters, broken between words; a longer word stays whole.
fn wrap(text: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
