//! A figure as SVG: a bar for each number, with the number at its end.

use std::fmt::Write;

use anyhow::{Result, ensure};

use crate::block::{Face, escape};
use crate::figure::{Figure, number};
use crate::fit::WIDTH;
use crate::measure;

/// From a bar to the next, the thickness of a bar, and what stands above and below, in pixels.
const STEP: f64 = 58.0;
const BAR: f64 = 34.0;
const TITLE: f64 = 52.0;
const MEASURED: f64 = 44.0;
const TEXT: f64 = 24.0;
const TITLE_TEXT: f64 = 26.0;
const SMALL: f64 = 18.0;
/// The longest bar, at least.
const LONGEST: f64 = 300.0;

/// How much larger a figure may be that has room.
pub(crate) const LARGE: f64 = 1.3;

/// How high the drawing is, so much larger than it need be.
pub(crate) fn height(figure: &Figure, scale: f64) -> f64 {
    scale * (TITLE + STEP * figure.bars.len() as f64 + MEASURED)
}

/// Draws a figure, so much larger than it need be.
///
/// # Errors
/// If a text has no room.
pub(crate) fn svg(figure: &Figure, scale: f64) -> Result<String> {
    let width = WIDTH / scale;
    let said = |value: f64| format!("{} {}", number(value), figure.unit);
    let widest = |texts: &mut dyn Iterator<Item = f64>| texts.fold(0.0, f64::max) + 18.0;
    let labels = widest(&mut figure.bars.iter().map(|bar| measure::width(Face::Sans, &bar.label, TEXT)));
    let numbers =
        widest(&mut figure.bars.iter().map(|bar| measure::width(Face::Mono, &said(bar.value), TEXT)));
    let most = figure.bars.iter().map(|bar| bar.value).fold(f64::MIN_POSITIVE, f64::max);
    let room = width - labels - numbers;
    ensure!(room >= LONGEST, "the labels of this figure leave no room for its bars; shorten them");
    for (text, face, size) in [(&figure.title, Face::Bold, TITLE_TEXT), (&figure.measured, Face::Sans, SMALL)]
    {
        ensure!(measure::width(face, text, size) <= width, "'{text}' is too long for a figure; shorten it");
    }
    let mut out = format!(
        "<svg class=\"figure\" viewBox=\"0 0 {width:.1} {}\" width=\"{WIDTH}\" height=\"{}\" role=\"img\" aria-label=\"{}\">\n\
         <text class=\"title\" x=\"0\" y=\"28\">{}</text>\n",
        height(figure, 1.0),
        height(figure, scale),
        escape(&figure.title),
        escape(&figure.title),
    );
    for (at, bar) in figure.bars.iter().enumerate() {
        let top = TITLE + STEP * at as f64;
        let middle = top + BAR / 2.0 + TEXT * 0.35;
        let length = (room * bar.value / most).max(1.0);
        write!(
            out,
            "<text x=\"0\" y=\"{middle:.1}\">{}</text>\n\
             <rect x=\"{labels:.1}\" y=\"{top:.1}\" width=\"{length:.1}\" height=\"{BAR}\"/>\n\
             <text class=\"value\" x=\"{:.1}\" y=\"{middle:.1}\">{}</text>\n",
            escape(&bar.label),
            labels + length + 12.0,
            escape(&said(bar.value)),
        )?;
    }
    write!(
        out,
        "<text class=\"measured\" x=\"0\" y=\"{:.1}\">{}</text>\n</svg>\n",
        height(figure, 1.0) - 8.0,
        escape(&figure.measured)
    )?;
    Ok(out)
}
