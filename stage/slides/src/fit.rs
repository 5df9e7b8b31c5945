//! Whether the contents of a slide fit, and how large they may be.
//!
//! The sizes are those of `theme/slides.css`; a test in a browser checks the result.

use anyhow::{Error, Result, anyhow};

use crate::block::{Block, Code, Face, Inline};
use crate::{bars, measure};

/// Pixels of the part of a slide that blocks may fill; the whole is 1280 by 720.
pub(crate) const WIDTH: f64 = 1152.0;
pub(crate) const HEIGHT: f64 = 604.0;

/// Between two blocks.
const GAP: f64 = 22.0;
/// Sizes of text: a slide of few words has larger ones.
const TEXT: [f64; 3] = [40.0, 36.0, SMALL_TEXT];
/// As much of the height may be filled with large text, and with large tables and code.
const FEW: f64 = 0.75;
const FULL: f64 = 0.9;
const SMALL_TEXT: f64 = 32.0;
const LEADING: f64 = 1.35;
/// Sizes of code, the best first; smaller ones cannot be read from the last row.
const CODE: [f64; 8] = [38.0, 34.0, 30.0, NORMAL, 24.0, 22.0, 20.0, SMALLEST];
/// Of code and tables where there is a drawing, or no room for larger ones; tables are never smaller.
const NORMAL: f64 = 26.0;
const SMALLEST: f64 = 18.0;
pub(crate) const CODE_LEADING: f64 = 1.4;
/// Above and below code, and left and right of it.
const CODE_PADDING: (f64, f64) = (16.0, 24.0);
/// The line that names the source of code.
const SOURCE: f64 = 28.0;
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
    /// The size of tables, in pixels.
    pub(crate) table: f64,
    /// The size of code, in pixels.
    pub(crate) code: f64,
    /// How much larger figures are than they need be.
    pub(crate) figure: f64,
    /// The height of each diagram and image, in pixels.
    pub(crate) drawing: f64,
}

/// Finds the largest code and tables with which all has room, and then the largest text.
///
/// # Errors
/// If there is none, with what to do.
pub(crate) fn fit(blocks: &[Block]) -> Result<Fit> {
    let codes: Vec<&Code> = blocks.iter().filter_map(code).collect();
    let drawings = blocks.iter().filter(|block| is_drawing(block)).count() as f64;
    let is_plain = !blocks.iter().any(|block| matches!(block, Block::Code(_) | Block::Table { .. }));
    // The drawing of the regions stands above the deck's title.
    let is_title = matches!(blocks.first(), Some(Block::Heading { level: 1, .. }));
    let room = if is_title { HEIGHT - REGIONS } else { HEIGHT };
    let left = |text: f64, size: f64| room - filled(blocks, text, size);
    let fits = |text: f64, size: f64| {
        let is_large = text > SMALL_TEXT || size > NORMAL;
        let free = match is_large {
            true if is_plain => room * (1.0 - FEW),
            true => room * (1.0 - FULL),
            false => drawings * DRAWING,
        };
        left(text, size) >= free
            && codes.iter().all(|code| code_width(code, size) <= WIDTH)
            && (size <= NORMAL || blocks.iter().all(|block| stays_unbroken(block, size)))
    };
    // A drawing gets what larger text would take.
    let (texts, sizes) = if blocks.iter().any(is_drawing_or_figure) {
        (&TEXT[2..], &CODE[3..])
    } else {
        (&TEXT[..], &CODE[..])
    };
    let Some(size) = sizes.iter().copied().find(|size| fits(SMALL_TEXT, *size)) else {
        return Err(too_full(&codes, drawings * DRAWING - left(SMALL_TEXT, SMALLEST)));
    };
    let text = texts.iter().copied().find(|text| fits(*text, size)).unwrap_or(SMALL_TEXT);
    let left = left(text, size);
    let figure = if drawings == 0.0 { figure_scale(blocks, left) } else { 1.0 };
    Ok(Fit { text, table: size.max(NORMAL), code: size, figure, drawing: left / drawings.max(1.0) })
}

/// Large figures, where there is room for them.
fn figure_scale(blocks: &[Block], left: f64) -> f64 {
    let figures = || {
        blocks.iter().filter_map(|block| match block {
            Block::Figure { figure, .. } => Some(figure),
            _ => None,
        })
    };
    let more = figures().map(|figure| bars::height(figure, bars::LARGE) - bars::height(figure, 1.0));
    let fits = more.sum::<f64>() <= left && figures().all(|figure| bars::svg(figure, bars::LARGE).is_ok());
    if fits { bars::LARGE } else { 1.0 }
}

fn is_drawing(block: &Block) -> bool {
    matches!(block, Block::Diagram { .. } | Block::Image { .. })
}

fn is_drawing_or_figure(block: &Block) -> bool {
    is_drawing(block) || matches!(block, Block::Figure { .. })
}

/// What is taken by blocks with text and code of these sizes.
fn filled(blocks: &[Block], text: f64, size: f64) -> f64 {
    let shown = blocks.iter().filter(|block| !matches!(block, Block::Pause)).count();
    let one = |block: &Block| match block {
        Block::Table { head, rows } => table(head, rows, size.max(NORMAL)),
        Block::Code(code) => code_height(code, size),
        block => height(block, WIDTH, text),
    };
    GAP * shown.saturating_sub(1) as f64 + blocks.iter().map(one).sum::<f64>()
}

/// Whether a table's rows have no more lines for being larger.
fn stays_unbroken(block: &Block, size: f64) -> bool {
    let Block::Table { head, rows } = block else { return true };
    wanted(head, rows, size).iter().sum::<f64>() <= WIDTH
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
        Block::Figure { figure, source } => {
            bars::height(figure, 1.0) + source.as_ref().map_or(0.0, |_| SOURCE)
        }
        // Only what stands below it; the drawing gets what is left.
        Block::Diagram { source, .. } => source.as_ref().map_or(0.0, |_| SOURCE),
        Block::Table { .. } | Block::Code(_) | Block::Image { .. } | Block::Pause => 0.0,
    }
}

fn stack(blocks: &[Block], width: f64, size: f64) -> f64 {
    let gaps = 10.0 * blocks.len().saturating_sub(1) as f64;
    gaps + blocks.iter().map(|block| height(block, width, size)).sum::<f64>()
}

/// Around a table's cells: from a cell to the next, and above and below a row with its line.
const CELL_PADDING: (f64, f64) = (32.0, 19.0);

/// How wide each column of a table would be that breaks no line.
fn wanted(head: &[Inline], rows: &[Vec<Inline>], size: f64) -> Vec<f64> {
    let widest = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).chain(head.get(column));
        cells.map(|cell| measure::unbroken(cell, size) + CELL_PADDING.0).fold(1.0, f64::max)
    };
    (0..head.len()).map(widest).collect()
}

/// Columns share the width by what they hold; a row is as high as its highest cell.
fn table(head: &[Inline], rows: &[Vec<Inline>], size: f64) -> f64 {
    let wanted = wanted(head, rows, size);
    let scale = (WIDTH / wanted.iter().sum::<f64>()).min(1.0);
    let row = |cells: &[Inline]| {
        let cells = cells.iter().zip(&wanted);
        let lines = cells
            .map(|(cell, wanted)| measure::lines(cell, size, wanted * scale - CELL_PADDING.0 + 1.0))
            .max();
        lines.unwrap_or(1) as f64 * size * 1.3 + CELL_PADDING.1
    };
    row(head) + rows.iter().map(|cells| row(cells)).sum::<f64>()
}
