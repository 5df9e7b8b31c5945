//! One deck as one page.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, Result};
use deck::{Deck, Exercises, Slide};

use crate::assets::Assets;
use crate::block::{Block, escape};
use crate::fit::fit;
use crate::{glyphs, html, markdown};

/// The three regions, on the first slide of each deck.
const REGIONS: &str = include_str!("../theme/regions.svg");

/// What the speaker reads where the room begins to work, in Markdown, by the first exercise of each block.
pub type Work = BTreeMap<String, String>;

/// The HTML of a deck whose images are in a folder.
///
/// # Errors
/// With the line of the deck: where a slide shows what it cannot, or more than it has room for, or names
/// exercises of which `work` says nothing.
pub fn page(deck: &Deck, images: &Path, assets: &Assets, work: &Work) -> Result<String> {
    let title = escape(&deck.title);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{}\n</style>\n</head>\n\
         <body>\n<div class=\"reveal\">\n<div class=\"slides\">\n",
        assets.style
    );
    for (at, slide) in deck.slides.iter().enumerate() {
        let section = section(deck, at, slide, images, work);
        out += &section.with_context(|| format!("slide {} '{}'", at + 1, slide.title))?;
    }
    write!(out, "</div>\n</div>\n{}</body>\n</html>\n", assets.scripts)?;
    Ok(out)
}

fn section(deck: &Deck, at: usize, slide: &Slide, images: &Path, work: &Work) -> Result<String> {
    glyphs::check(&slide.body, slide.line)?;
    let blocks = markdown::blocks(&slide.body, slide.line)?;
    let fit = fit(&blocks).with_context(|| format!("line {}", slide.line))?;
    let body = html::html(&blocks, fit, images)?;
    let mut note = String::new();
    if let Some(exercises) = &slide.exercises {
        // First, because the speaker's view shows only the beginning of a long note.
        note += &work_html(exercises, work).with_context(|| format!("line {}", exercises.line))?;
    }
    note += &html::note(&markdown::blocks(&slide.note, slide.line)?)?;
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

fn work_html(exercises: &Exercises, work: &Work) -> Result<String> {
    let first = exercises.names.first().context("no exercise is named")?;
    let text = work.get(first).with_context(|| {
        format!("nothing says how long exercise {first} takes; build the slides with: cargo workshop slides")
    })?;
    html::note(&markdown::blocks(text, exercises.line)?)
}
