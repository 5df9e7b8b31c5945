//! The SVG of a scene.

use std::fmt::Write;

use anyhow::Result;

use super::across::{BESIDE, NAME, SMALL, Side, head_width};
use super::place::{Placed, place};
use crate::block::escape;
use crate::measure::MONO;
use crate::scene::{Column, Fate, Region, Scene, What};

/// The middle of the names, of the shapes, and where lines begin.
const NAMES: f64 = 14.0;
const SHAPES: f64 = 44.0;
const LINES: f64 = 54.0;
/// How far a message goes that is lost, and one that is still on its way.
const LOST: f64 = 0.6;
const WAITS: f64 = 0.8;
/// A loss is drawn at most so far below its message's beginning, however late it was noticed.
const FALL: (f64, f64) = (16.0, 64.0);

/// A point, from left and top.
type Point = (f64, f64);

/// Draws a scene in at most so many pixels of height.
pub(crate) fn svg(scene: &Scene, height: f64) -> Result<String> {
    let placed = place(scene, height)?;
    let mut out = String::new();
    let (width, height) = (placed.across.width, placed.down.height);
    let said = scene.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(", ");
    writeln!(
        out,
        "<svg class=\"space-time\" viewBox=\"0 0 {width:.1} {height:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" \
         font-size=\"{}\" role=\"img\" aria-label=\"{} messages between {}\">",
        placed.size,
        scene.messages.len(),
        escape(&said)
    )?;
    for (column, x) in scene.columns.iter().zip(&placed.across.lines) {
        out += &head(column, *x, height);
    }
    for message in 0..scene.messages.len() {
        out += &arrow(scene, &placed, message);
    }
    for text in texts(scene, &placed) {
        out += &text.svg();
    }
    out += "</svg>\n";
    Ok(out)
}

/// A replica's line, with the shape of its region.
fn head(column: &Column, x: f64, height: f64) -> String {
    let class = class(column);
    let shape = match column.region {
        Some(Region::Us) => format!("<circle cx=\"{x:.1}\" cy=\"{SHAPES}\" r=\"10\"/>"),
        Some(Region::De) => {
            format!("<rect x=\"{:.1}\" y=\"{}\" width=\"18\" height=\"18\"/>", x - 9.0, SHAPES - 9.0)
        }
        Some(Region::Sg) => format!("<path d=\"M{x:.1} {}l11 19h-22z\"/>", SHAPES - 10.0),
        None => String::new(),
    };
    format!("<g class=\"{class}\">{shape}<path class=\"line\" d=\"M{x:.1} {LINES}V{height:.1}\"/></g>\n")
}

fn class(column: &Column) -> &'static str {
    column.region.map_or("other", Region::class)
}

fn arrow(scene: &Scene, placed: &Placed, place: usize) -> String {
    let message = &scene.messages[place];
    let y = |what: What| {
        let at = scene.events.iter().position(|event| event.what == what)?;
        Some(placed.down.events[at])
    };
    let (from, to) = (placed.across.lines[message.from], placed.across.lines[message.to]);
    let class = class(&scene.columns[message.from]);
    let sent = y(What::Sent(place));
    // What was sent before the scene begins comes in from above it.
    let start = (from, sent.unwrap_or(LINES));
    let dot = if sent.is_some() {
        format!("<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"4\"/>", start.0, start.1)
    } else {
        String::new()
    };
    let shaft = |class: &str, end: Point| {
        format!("<path class=\"{class}\" d=\"M{:.1} {:.1}L{:.1} {:.1}\"/>", start.0, start.1, end.0, end.1)
    };
    let stops = |part: f64, fall: f64| (from + (to - from) * part, start.1 + fall);
    let rest = match (message.fate, y(What::Arrived(place))) {
        (Fate::Arrives, Some(arrives)) => {
            let (neck, head) = tip(start, (to, arrives));
            shaft("shaft", neck) + &head
        }
        (Fate::Lost(at), _) => {
            let noticed = at.map_or(FALL.0, |at| placed.down.at(at) - start.1);
            let end = stops(LOST, noticed.clamp(FALL.0, FALL.1));
            let cross = format!(
                "<path class=\"lost\" d=\"M{:.1} {:.1}l18 18m0 -18l-18 18\"/>",
                end.0 - 9.0,
                end.1 - 9.0
            );
            shaft("shaft", end) + &cross
        }
        _ => {
            // Where the scene ends, it is as far as it would be then.
            let fall = (placed.down.height - start.1).min(FALL.1);
            shaft("shaft waits", stops(WAITS * fall / FALL.1, fall))
        }
    };
    format!("<g class=\"{class}\">{dot}{rest}</g>\n")
}

/// Where the shaft of an arrow ends, and its head.
fn tip(start: Point, end: Point) -> (Point, String) {
    let (dx, dy) = (end.0 - start.0, end.1 - start.1);
    let length = dx.hypot(dy).max(1.0);
    let (ux, uy) = (dx / length, dy / length);
    let end = (end.0 - ux * 2.0, end.1 - uy * 2.0);
    let neck = (end.0 - ux * 15.0, end.1 - uy * 15.0);
    let wing = |side: f64| (neck.0 - uy * 6.5 * side, neck.1 + ux * 6.5 * side);
    let (a, b) = (wing(1.0), wing(-1.0));
    let head = format!(
        "<path class=\"tip\" d=\"M{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}z\"/>",
        end.0, end.1, a.0, a.1, b.0, b.1
    );
    (neck, head)
}

/// One line of text; `y` is its middle.
#[derive(Debug)]
pub(crate) struct Text {
    pub(crate) text: String,
    pub(crate) class: &'static str,
    pub(crate) left: f64,
    pub(crate) y: f64,
    pub(crate) size: f64,
}

impl Text {
    pub(crate) fn width(&self) -> f64 {
        self.text.chars().count() as f64 * self.size * MONO
    }

    fn svg(&self) -> String {
        format!(
            "<text class=\"{}\" x=\"{:.1}\" y=\"{:.1}\" font-size=\"{}\">{}</text>\n",
            self.class,
            self.left,
            self.y + self.size * 0.35,
            self.size,
            escape(&self.text)
        )
    }
}

/// All that is written in a scene.
pub(crate) fn texts(scene: &Scene, placed: &Placed) -> Vec<Text> {
    let Placed { across, down, size, row } = placed;
    let mut texts = vec![];
    let small = |text: String, y: f64| Text { text, class: "time", left: 0.0, y, size: SMALL };
    texts.push(small(scene.unit.clone(), SHAPES));
    texts.extend(down.times.iter().map(|(at, y)| small(at.to_string(), *y)));
    for (column, x) in scene.columns.iter().zip(&across.lines) {
        let left = x - head_width(&column.name, &column.about) / 2.0;
        let name = Text { text: column.name.clone(), class: "name", left, y: NAMES, size: NAME };
        let after = left + name.width() + 12.0;
        texts.push(name);
        if !column.about.is_empty() {
            texts.push(Text {
                text: column.about.clone(),
                class: "time",
                left: after,
                y: NAMES + 2.0,
                size: SMALL,
            });
        }
    }
    for ((label, event), y) in across.labels.iter().zip(&scene.events).zip(&down.events) {
        let Some(label) = label else { continue };
        let class = if matches!(event.what, What::Note(..)) { "said" } else { "label" };
        for (at, line) in label.lines.iter().enumerate() {
            let mut text = Text { text: line.clone(), class, left: 0.0, y: y + row * at as f64, size: *size };
            text.left = match label.side {
                Side::Left => across.lines[label.column] - BESIDE - text.width(),
                Side::Right => across.lines[label.column] + BESIDE,
            };
            texts.push(text);
        }
    }
    texts
}
