//! The talks: decks, cut where the room begins to work.

use anyhow::{Context, Result, bail};
use deck::Deck;

use crate::chapter::Chapter;
use crate::files;
use crate::id::Id;
use crate::timetable::blocks::blocks;
use crate::workspace::Workspace;

/// A deck, as far as a timetable needs it.
pub struct Talk {
    pub number: u8,
    pub title: String,
    /// In the order of the deck; after the last one may come no exercises.
    pub parts: Vec<Part>,
}

/// Slides, and what the room works on after them.
#[derive(Default)]
pub struct Part {
    /// How many.
    slides: usize,
    minutes: f64,
    pub exercises: Vec<Id>,
}

/// A talk without interruption, and the exercises that follow it.
pub struct Piece {
    pub title: String,
    pub minutes: u32,
    pub exercises: Vec<Id>,
}

impl Talk {
    /// The pieces in which a plan has it. Where all of a block is left out, the talk goes on.
    pub fn pieces(&self, left_out: &[Id]) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let (mut first, mut slides, mut minutes, mut told) = (1, 0, 0.0_f64, 0);
        for (at, part) in self.parts.iter().enumerate() {
            slides += part.slides;
            minutes += part.minutes;
            let is_solved = |id: &&Id| !left_out.contains(id);
            let exercises: Vec<Id> = part.exercises.iter().filter(is_solved).copied().collect();
            let is_last = at + 1 == self.parts.len();
            if exercises.is_empty() && !is_last {
                continue;
            }
            let title = match (first, slides) {
                (1, _) if is_last => self.title.clone(),
                (first, last) if first == last => format!("{}, slide {last}", self.title),
                (first, last) if first + 1 == last => format!("{}, slides {first} and {last}", self.title),
                (first, last) => format!("{}, slides {first} to {last}", self.title),
            };
            // Rounded as a sum: the pieces take as long as the whole.
            let until = minutes.ceil() as u32;
            pieces.push(Piece { title, minutes: until - told, exercises });
            (first, told) = (slides + 1, until);
        }
        pieces
    }
}

/// The decks whose names begin so; a chapter's talk is called like the chapter.
///
/// # Errors
/// If a deck is none, or its blocks are not the exercises of its chapter, with the line; where two decks have
/// one number.
pub fn talks(workspace: &Workspace, wanted: &str) -> Result<Vec<Talk>> {
    let mut talks: Vec<Talk> = Vec::new();
    for path in files::below_with(&workspace.root.join("slides"), &["md"])? {
        let name = files::relative(&path, &workspace.root.join("slides"));
        let number = name.split('-').next().and_then(|digits| digits.parse().ok());
        let is_wanted = name.starts_with(wanted) && !name.contains('/');
        let Some(number) = number.filter(|_| is_wanted) else { continue };
        if talks.iter().any(|talk| talk.number == number) {
            bail!("slides/{name}: there is another deck {number:02}");
        }
        let chapter = workspace.chapters.iter().find(|chapter| chapter.number == number);
        let talk = Deck::parse(&files::read(&path)?).map_err(Into::into);
        let talk = talk.and_then(|deck| talk_of(number, deck, chapter));
        talks.push(talk.with_context(|| format!("in slides/{name}"))?);
    }
    Ok(talks)
}

fn talk_of(number: u8, deck: Deck, chapter: Option<&Chapter>) -> Result<Talk> {
    let mut blocks = blocks(&deck, number, chapter)?.into_iter();
    let (mut parts, mut part) = (Vec::new(), Part::default());
    for slide in &deck.slides {
        part.slides += 1;
        part.minutes += slide.minutes;
        if slide.exercises.is_some() {
            part.exercises = blocks.next().unwrap_or_default();
            parts.push(std::mem::take(&mut part));
        }
    }
    if part.slides > 0 {
        parts.push(part);
    }
    let title = match chapter {
        Some(chapter) => format!("{} {}", chapter.code(), chapter.title),
        None => deck.title,
    };
    Ok(Talk { number, title, parts })
}
