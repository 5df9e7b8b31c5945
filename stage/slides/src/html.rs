//! Blocks as HTML.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::block::{Block, Code, Inline, escape};
use crate::fit::{CODE_LEADING, Fit};
use crate::{bars, code, space_time};

/// The blocks of a slide; those after a pause appear later.
pub(crate) fn html(blocks: &[Block], fit: Fit, images: &Path) -> Result<String> {
    let steps: Vec<&[Block]> = blocks.split(|block| matches!(block, Block::Pause)).collect();
    let mut out = String::new();
    for (step, blocks) in steps.into_iter().enumerate() {
        let shown = blocks.iter().map(|block| one(block, fit, images)).collect::<Result<String>>()?;
        out += &if step == 0 { shown } else { format!("<div class=\"fragment\">\n{shown}</div>\n") };
    }
    Ok(out)
}

/// What the speaker reads: text only.
pub(crate) fn note(blocks: &[Block]) -> Result<String> {
    let code =
        |block: &Block| matches!(block, Block::Diagram { .. } | Block::Figure { .. } | Block::Image { .. });
    ensure!(!blocks.iter().any(code), "a note holds text only");
    html(blocks, Fit { text: 16.0, table: 16.0, code: 16.0, figure: 1.0, drawing: 0.0 }, Path::new(""))
}

fn one(block: &Block, fit: Fit, images: &Path) -> Result<String> {
    Ok(match block {
        Block::Heading { level, text } => format!("<h{level}>{}</h{level}>\n", text.html),
        Block::Paragraph(text) => format!("<p>{}</p>\n", text.html),
        Block::Quote(blocks) => format!("<blockquote>\n{}</blockquote>\n", all(blocks, fit, images)?),
        Block::List { start, items } => {
            let items = items.iter().map(|item| Ok(format!("<li>{}</li>\n", item_html(item, fit, images)?)));
            let items = items.collect::<Result<String>>()?;
            match start {
                Some(first) => format!("<ol start=\"{first}\">\n{items}</ol>\n"),
                None => format!("<ul>\n{items}</ul>\n"),
            }
        }
        Block::Table { head, rows } => {
            let rows: String = rows.iter().map(|cells| row("td", cells)).collect();
            format!(
                "<table style=\"font-size:{}px\">\n<thead>{}</thead>\n<tbody>\n{rows}</tbody>\n</table>\n",
                fit.table,
                row("th", head)
            )
        }
        Block::Code(Code { language, text, source, .. }) => {
            let code = code::html(language, text.trim_end())?;
            let style = format!("font-size:{}px;line-height:{CODE_LEADING}", fit.code);
            format!(
                "<div class=\"code\"><pre style=\"{style}\">{code}</pre>{}</div>\n",
                from(source.as_deref())
            )
        }
        Block::Diagram { scene, source, line } => {
            let svg = space_time::svg(scene, fit.drawing).with_context(|| format!("line {line}"))?;
            format!("<div class=\"drawing\">{svg}{}</div>\n", from(source.as_deref()))
        }
        Block::Figure { figure, source } => {
            format!(
                "<div class=\"drawing\">{}{}</div>\n",
                bars::svg(figure, fit.figure)?,
                from(source.as_deref())
            )
        }
        Block::Image { path, text, line } => {
            image(path, text, images, fit.drawing).with_context(|| format!("line {line}"))?
        }
        Block::Pause => String::new(),
    })
}

fn all(blocks: &[Block], fit: Fit, images: &Path) -> Result<String> {
    blocks.iter().map(|block| one(block, fit, images)).collect()
}

/// The first paragraph of an item needs no element of its own.
fn item_html(item: &[Block], fit: Fit, images: &Path) -> Result<String> {
    match item {
        [Block::Paragraph(text), rest @ ..] => Ok(format!("{}{}", text.html, all(rest, fit, images)?)),
        item => all(item, fit, images),
    }
}

fn row(cell: &str, cells: &[Inline]) -> String {
    let cells: String = cells.iter().map(|text| format!("<{cell}>{}</{cell}>", text.html)).collect();
    format!("<tr>{cells}</tr>\n")
}

fn from(source: Option<&str>) -> String {
    source.map(|source| format!("<p class=\"source\">{}</p>", escape(source))).unwrap_or_default()
}

fn image(path: &str, text: &str, images: &Path, height: f64) -> Result<String> {
    let kind = match path.rsplit_once('.') {
        Some((_, "svg")) => "svg+xml",
        Some((_, "png")) => "png",
        Some((_, "jpg")) => "jpeg",
        _ => bail!("{path}: an image is an .svg, .png or .jpg"),
    };
    let inside = !path.contains(':') && !path.starts_with('/') && path.split('/').all(|part| part != "..");
    ensure!(inside, "{path}: an image has its place below slides/");
    let bytes = fs::read(images.join(path)).with_context(|| format!("cannot read slides/{path}"))?;
    let data = STANDARD.encode(bytes);
    let alt = escape(text);
    Ok(format!(
        "<img src=\"data:image/{kind};base64,{data}\" style=\"height:{height:.0}px\" alt=\"{alt}\">\n"
    ))
}
