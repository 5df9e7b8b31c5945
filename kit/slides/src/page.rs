//! One deck as one page.

use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, Result};
use deck::{Deck, Slide};

use crate::assets::Assets;
use crate::block::{Block, escape};
use crate::fit::fit;
use crate::html;
use crate::markdown;

/// The three regions, on the first slide of each deck.
const REGIONS: &str = include_str!("../theme/regions.svg");

/// The HTML of a deck whose images are in a folder.
///
/// # Errors
/// With the line of the deck: where a slide shows what it cannot, or more than it has room for.
pub fn page(deck: &Deck, images: &Path, assets: &Assets) -> Result<String> {
    let title = escape(&deck.title);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{}\n</style>\n</head>\n\
         <body>\n<div class=\"reveal\">\n<div class=\"slides\">\n",
        assets.style
    );
    for (at, slide) in deck.slides.iter().enumerate() {
        let section = section(deck, at, slide, images);
        out += &section.with_context(|| format!("slide {} '{}'", at + 1, slide.title))?;
    }
    write!(out, "</div>\n</div>\n{}</body>\n</html>\n", assets.scripts)?;
    Ok(out)
}

fn section(deck: &Deck, at: usize, slide: &Slide, images: &Path) -> Result<String> {
    let blocks = markdown::blocks(&slide.body, slide.line)?;
    let fit = fit(&blocks).with_context(|| format!("line {}", slide.line))?;
    let body = html::html(&blocks, fit, images)?;
    let note = html::note(&markdown::blocks(&slide.note, slide.line)?)?;
    let is_title = matches!(blocks.first(), Some(Block::Heading { level: 1, .. }));
    let (class, regions) = if is_title { (" class=\"title\"", REGIONS) } else { ("", "") };
    Ok(format!(
        "<section{class} data-timing=\"{:.0}\">\n<div class=\"body\" style=\"font-size:{}px\">\n{regions}{body}</div>\n\
         <footer><span>{}</span><span>{} / {}</span></footer>\n\
         <aside class=\"notes\">\n<p><strong>{} min</strong></p>\n{note}</aside>\n</section>\n",
        slide.minutes * 60.0,
        fit.text,
        escape(&deck.title),
        at + 1,
        deck.slides.len(),
        slide.minutes,
    ))
}
