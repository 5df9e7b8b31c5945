//! What is written in a scene.

use super::across::{BESIDE, NAME, SMALL, Side, head_width};
use super::draw::{NAMES, SHAPES};
use super::place::Placed;
use crate::block::escape;
use crate::measure::MONO;
use crate::scene::{Scene, What};

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

    pub(crate) fn svg(&self) -> String {
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
    if !scene.unit.is_empty() {
        texts.extend(down.times.iter().map(|(at, y)| small(at.to_string(), *y)));
    }
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
        let top = y - label.lift(*row);
        for (at, line) in label.lines.iter().enumerate() {
            let mut text =
                Text { text: line.clone(), class, left: 0.0, y: top + row * at as f64, size: *size };
            text.left = match label.side {
                Side::Left => across.lines[label.column] - BESIDE - text.width(),
                Side::Right => across.lines[label.column] + BESIDE,
            };
            texts.push(text);
        }
    }
    texts
}
