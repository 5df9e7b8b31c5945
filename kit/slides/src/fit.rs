//! Whether a slide has room for what stands on it, and how large its code may be.
//!
//! The sizes are those of `theme/slides.css`; what a browser makes of them is tested in a browser.

use anyhow::{Error, Result, anyhow};

use crate::block::{Block, Code, Face, Inline};
use crate::measure;

/// Pixels of the part of a slide that blocks may fill; the whole is 1280 by 720.
pub(crate) const WIDTH: f64 = 1152.0;
pub(crate) const HEIGHT: f64 = 604.0;

/// Between two blocks.
const GAP: f64 = 22.0;
/// Sizes of text: a slide of few words has larger ones.
const TEXT: [f64; 2] = [40.0, 32.0];
/// As much of the height may be filled with large text.
const FEW: f64 = 0.75;
const LEADING: f64 = 1.35;
/// Sizes of code, the best first; smaller ones cannot be read from the last row.
const CODE: [f64; 5] = [26.0, 24.0, 22.0, 20.0, SMALLEST];
const SMALLEST: f64 = 18.0;
pub(crate) const CODE_LEADING: f64 = 1.4;
/// Above and below code, and left and right of it.
const CODE_PADDING: (f64, f64) = (16.0, 24.0);
/// The line that tells where code is from.
const SOURCE: f64 = 28.0;
const TABLE: f64 = 26.0;
const INDENT: f64 = 40.0;
/// What the regions take on a title slide.
const REGIONS: f64 = 190.0;
/// A drawing lower than this shows nothing.
const DRAWING: f64 = 240.0;

/// What a slide's blocks are given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Fit {
    /// The size of text, in pixels.
    pub(crate) text: f64,
    /// The size of code, in pixels.
    pub(crate) code: f64,
    /// The height of each diagram and image, in pixels.
    pub(crate) drawing: f64,
}

/// Finds the largest code with which all has room.
///
/// # Errors
/// Where there is none, with what to do.
pub(crate) fn fit(blocks: &[Block]) -> Result<Fit> {
    let shown = blocks.iter().filter(|block| !matches!(block, Block::Pause)).count();
    let gaps = GAP * shown.saturating_sub(1) as f64;
    let fixed = |size: f64| gaps + blocks.iter().map(|block| height(block, WIDTH, size)).sum::<f64>();
    let [large, text] = TEXT;
    // The drawing of the regions stands above the deck's title.
    let is_title = matches!(blocks.first(), Some(Block::Heading { level: 1, .. }));
    let room = if is_title { HEIGHT - REGIONS } else { HEIGHT };
    let is_text = |block: &Block| {
        matches!(
            block,
            Block::Heading { .. } | Block::Paragraph(_) | Block::List { .. } | Block::Quote(_) | Block::Pause
        )
    };
    if blocks.iter().all(is_text) && fixed(large) <= FEW * room {
        return Ok(Fit { text: large, code: 0.0, drawing: 0.0 });
    }
    let fixed = fixed(text);
    let codes: Vec<&Code> = blocks.iter().filter_map(code).collect();
    let is_drawing = |block: &&Block| matches!(block, Block::Diagram { .. } | Block::Image { .. });
    let drawings = blocks.iter().filter(is_drawing).count() as f64;
    let left = |size: f64| room - fixed - codes.iter().map(|code| code_height(code, size)).sum::<f64>();
    let fits = |size: &f64| {
        left(*size) >= drawings * DRAWING && codes.iter().all(|code| code_width(code, *size) <= WIDTH)
    };
    let Some(size) = CODE.into_iter().find(fits) else {
        return Err(too_full(&codes, drawings * DRAWING - left(SMALLEST)));
    };
    Ok(Fit { text, code: size, drawing: left(size) / drawings.max(1.0) })
}

/// What to do about a slide that has no room even for the smallest code.
fn too_full(codes: &[&Code], over: f64) -> Error {
    if let Some(code) = codes.iter().find(|code| code_width(code, SMALLEST) > WIDTH) {
        let most = ((WIDTH - 2.0 * CODE_PADDING.1) / (SMALLEST * measure::MONO)) as usize;
        return anyhow!(
            "the code in line {} has a line of more than {most} characters; break it, or show another part",
            code.line
        );
    }
    let advice =
        if codes.is_empty() { "say less" } else { "show a part of the code (ANCHOR, or from= and to=)" };
    anyhow!("the slide is {over:.0} pixels too full; {advice}, or make two slides of it")
}

fn code(block: &Block) -> Option<&Code> {
    match block {
        Block::Code(code) => Some(code),
        _ => None,
    }
}

fn code_height(code: &Code, size: f64) -> f64 {
    let lines = code.text.lines().count().max(1) as f64;
    let source = if code.source.is_some() { SOURCE } else { 0.0 };
    lines * size * CODE_LEADING + 2.0 * CODE_PADDING.0 + source
}

fn code_width(code: &Code, size: f64) -> f64 {
    let widest = code.text.lines().map(|line| measure::width(Face::Mono, line, size)).fold(0.0, f64::max);
    widest + 2.0 * CODE_PADDING.1
}

/// Of what has one height only.
fn height(block: &Block, width: f64, size: f64) -> f64 {
    let flows =
        |text: &Inline, size: f64, leading: f64| measure::lines(text, size, width) as f64 * size * leading;
    match block {
        Block::Heading { level: 1, text } => flows(text, 64.0, 1.12),
        Block::Heading { level: 2, text } => flows(text, 46.0, 1.15) + 6.0,
        Block::Heading { text, .. } => flows(text, 32.0, 1.2),
        Block::Paragraph(text) => flows(text, size, LEADING),
        Block::Quote(blocks) => stack(blocks, width - INDENT, size),
        Block::List { items, .. } => {
            let gaps = 12.0 * items.len().saturating_sub(1) as f64;
            gaps + items.iter().map(|item| stack(item, width - INDENT, size)).sum::<f64>()
        }
        Block::Table { head, rows } => table(head, rows),
        Block::Figure { figure, source } => {
            crate::bars::height(figure) + source.as_ref().map_or(0.0, |_| SOURCE)
        }
        // Only what stands below it; the drawing gets what is left.
        Block::Diagram { source, .. } => source.as_ref().map_or(0.0, |_| SOURCE),
        Block::Code(_) | Block::Image { .. } | Block::Pause => 0.0,
    }
}

fn stack(blocks: &[Block], width: f64, size: f64) -> f64 {
    let gaps = 10.0 * blocks.len().saturating_sub(1) as f64;
    gaps + blocks.iter().map(|block| height(block, width, size)).sum::<f64>()
}

/// Columns share the width by what they hold; a row is as high as its highest cell.
fn table(head: &[Inline], rows: &[Vec<Inline>]) -> f64 {
    let padding = 32.0;
    let widest = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).chain(head.get(column));
        cells.map(|cell| measure::unbroken(cell, TABLE) + padding).fold(1.0, f64::max)
    };
    let wanted: Vec<f64> = (0..head.len()).map(widest).collect();
    let scale = (WIDTH / wanted.iter().sum::<f64>()).min(1.0);
    let row = |cells: &[Inline]| {
        let cells = cells.iter().zip(&wanted);
        let lines =
            cells.map(|(cell, wanted)| measure::lines(cell, TABLE, wanted * scale - padding + 1.0)).max();
        lines.unwrap_or(1) as f64 * TABLE * 1.3 + 19.0
    };
    row(head) + rows.iter().map(|cells| row(cells)).sum::<f64>()
}
