//! The SVG of a scene.

use std::fmt::Write;

use anyhow::Result;

use super::across::Side;
use super::arrow::{Arrow, Ends, Point, arrows};
use super::place::{Placed, place};
use super::text::texts;
use crate::block::escape;
use crate::scene::{Column, Region, Scene, What};

/// The middle of the names, of the shapes, and where lines begin.
pub(crate) const NAMES: f64 = 14.0;
pub(crate) const SHAPES: f64 = 44.0;
pub(crate) const LINES: f64 = 54.0;
/// Half the size of the cross at the end of a lost message.
pub(crate) const CROSS: f64 = 9.0;
/// How long the stroke at a note is.
const TICK: f64 = 10.0;

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
    for (message, drawn) in scene.messages.iter().zip(arrows(scene, &placed)) {
        out += &arrow(&drawn, &scene.columns[message.from]);
    }
    out += &ticks(scene, &placed);
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

fn arrow(arrow: &Arrow, column: &Column) -> String {
    let Arrow { start, end, .. } = *arrow;
    let dot = match arrow.begins {
        true => format!("<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"4\"/>", start.0, start.1),
        false => String::new(),
    };
    let shaft = |class: &str, end: Point| {
        format!("<path class=\"{class}\" d=\"M{:.1} {:.1}L{:.1} {:.1}\"/>", start.0, start.1, end.0, end.1)
    };
    let rest = match arrow.ends {
        Ends::Arrives => {
            let (neck, head) = tip(start, end);
            shaft("shaft", neck) + &head
        }
        Ends::Lost => {
            let (x, y) = (end.0 - CROSS, end.1 - CROSS);
            let size = 2.0 * CROSS;
            shaft("shaft", end)
                + &format!(
                    "<path class=\"lost\" d=\"M{x:.1} {y:.1}l{size} {size}m0 -{size}l-{size} {size}\"/>"
                )
        }
        Ends::Waits => shaft("shaft waits", end),
    };
    format!("<g class=\"{}\">{dot}{rest}</g>\n", class(column))
}

/// A short stroke from a replica's line to what is noted of it.
fn ticks(scene: &Scene, placed: &Placed) -> String {
    let mut out = String::new();
    for ((event, label), y) in scene.events.iter().zip(&placed.across.labels).zip(&placed.down.events) {
        if let (What::Note(column, _), Some(label)) = (&event.what, label) {
            let length = if label.side == Side::Left { -TICK } else { TICK };
            let (class, x) = (class(&scene.columns[*column]), placed.across.lines[*column]);
            out +=
                &format!("<g class=\"{class}\"><path class=\"line\" d=\"M{x:.1} {y:.1}h{length}\"/></g>\n");
        }
    }
    out
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
