//! From decks to pages.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use deck::Deck;

use crate::assets::Assets;
use crate::page::{self, Work};
use crate::{index, npm};

/// A page that was written.
#[derive(Debug)]
pub struct Built {
    /// The deck's file name without its end: `05-replication`.
    pub name: String,
    /// The deck's title.
    pub title: String,
    /// How many slides it has.
    pub slides: usize,
    /// How long the speaker talks.
    pub minutes: f64,
    /// The page.
    pub path: PathBuf,
    /// The page's size in bytes.
    pub bytes: usize,
}

/// Builds the decks of a folder, all or those whose names begin so, and the index of all.
///
/// `work` is a JSON file, an object: of the first exercise of each block what the speaker reads, in Markdown.
///
/// # Errors
/// If there is no such deck or no such file, npm fails, or a deck is wrong: then with its file and line.
pub fn build(folder: &Path, wanted: Option<&str>, work: &Path, out: &Path) -> Result<Vec<Built>> {
    let decks = decks(folder)?;
    let named = |path: &PathBuf| wanted.is_none_or(|wanted| name(path).starts_with(wanted));
    ensure!(
        decks.iter().any(named),
        "there is no deck '{}' in {}; there are: {}",
        wanted.unwrap_or("*.md"),
        folder.display(),
        decks.iter().map(|path| name(path)).collect::<Vec<_>>().join(", ")
    );
    let work = read_work(work).with_context(|| work.display().to_string())?;
    let assets = Assets::read(&npm::packages(out)?)?;
    let (mut built, mut listed) = (Vec::new(), Vec::new());
    for path in decks {
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let deck = Deck::parse(&text).with_context(|| path.display().to_string());
        let name = name(&path);
        let page = out.join(format!("{name}.html"));
        if !named(&path) {
            // The index lists it where it was built before; what is wrong with it now is told when it is built.
            listed.extend(deck.ok().filter(|_| page.exists()).map(|deck| (name, deck)));
            continue;
        }
        let deck = deck?;
        let html = page::page(&deck, folder, &assets, &work).with_context(|| path.display().to_string())?;
        fs::write(&page, &html).with_context(|| format!("cannot write {}", page.display()))?;
        let (title, slides, minutes) = (deck.title.clone(), deck.slides.len(), deck.minutes());
        built.push(Built { name: name.clone(), title, slides, minutes, path: page, bytes: html.len() });
        listed.push((name, deck));
    }
    fs::write(out.join("index.html"), index::html(&listed, &assets)).context("cannot write the index")?;
    Ok(built)
}

fn read_work(path: &Path) -> Result<Work> {
    Ok(serde_json::from_str(&fs::read_to_string(path)?)?)
}

/// In the order in which they are taught.
fn decks(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut decks = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let numbered = name(&path).starts_with(|c: char| c.is_ascii_digit());
        if numbered && path.extension().is_some_and(|end| end == "md") {
            decks.push(path);
        }
    }
    decks.sort();
    Ok(decks)
}

fn name(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deck_that_is_not_there_is_told_with_those_that_are() {
        let slides = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../slides");
        let error =
            build(&slides, Some("77"), Path::new("unused"), Path::new("unused")).unwrap_err().to_string();
        assert!(error.contains("no deck '77'") && error.contains("00-opening"), "{error}");
    }
}
