//! A deck: slides in Markdown, each with the speaker's note and its minutes.
//!
//! ```text
//! # The deck's title
//!
//! <!-- note: 2 min. Welcome everybody. -->
//!
//! ---
//!
//! ## The next slide
//!
//! <!-- note: 1.5 min. What to say,
//! over as many lines as it takes. -->
//! <!-- exercises: 2.1 2.2 -->
//! ```
//!
//! After a slide that names exercises, the room works on them. A line `---` ends a slide, but not within a fence.
//! [`Deck::parse`] reads no file, so that the timetable and the slides read a deck the same way.

mod error;
mod exercises;
mod fence;
mod note;

pub use error::{Error, Fault};
pub use fence::Fence;

use crate::note::Note;

/// Slides in the order in which they are shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Deck {
    /// The first heading of the first slide.
    pub title: String,
    /// At least one.
    pub slides: Vec<Slide>,
}

/// One slide, and what is said about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Slide {
    /// Its first heading; empty if it has none.
    pub title: String,
    /// Markdown; an empty line for each line of the note, and for that of the exercises.
    pub body: String,
    /// Markdown, without the minutes.
    pub note: String,
    /// How long the speaker talks.
    pub minutes: f64,
    /// What the room works on after it.
    pub exercises: Option<Exercises>,
    /// The line of the deck in which it begins, from 1.
    pub line: usize,
}

/// A block of exercises, as their line names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exercises {
    /// At least one. What they are called is not looked at here: a deck knows of no chapter.
    pub names: Vec<String>,
    /// The line of the deck, from 1.
    pub line: usize,
}

impl Deck {
    /// Reads a deck.
    ///
    /// # Errors
    /// With the line: where a slide has no note or two, a note has no minutes, a note or a fence does not end,
    /// exercises cannot be read, or the first slide has no heading.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut slides = Vec::new();
        let mut draft = Draft::new(1);
        let mut lines = (1..).zip(text.lines());
        while let Some((at, line)) = lines.next() {
            if let Some(fence) = Fence::opens(line) {
                draft.body(line);
                loop {
                    let (_, line) = lines.next().ok_or(Error { line: at, fault: Fault::OpenFence })?;
                    draft.body(line);
                    if fence.is_closed_by(line) {
                        break;
                    }
                }
            } else if line.trim_end() == "---" {
                let done = std::mem::replace(&mut draft, Draft::new(at + 1));
                slides.push(done.finish()?);
            } else if let Some(first) = note::begins(line) {
                let rest = lines.by_ref().map(|(_, line)| line);
                let note = note::read(first, rest).map_err(|fault| Error { line: at, fault })?;
                // Line numbers are kept, so that errors in the body can name their line.
                (0..note.lines).for_each(|_| draft.body(""));
                draft.note(at, note)?;
            } else if let Some(names) = exercises::read(line) {
                let names = names.map_err(|fault| Error { line: at, fault })?;
                draft.body("");
                draft.exercises(Exercises { names, line: at })?;
            } else {
                draft.heading(line);
                draft.body(line);
            }
        }
        slides.push(draft.finish()?);
        let title = slides.first().map(|slide| slide.title.clone()).unwrap_or_default();
        if title.is_empty() {
            return Err(Error { line: 1, fault: Fault::NoTitle });
        }
        Ok(Self { title, slides })
    }

    /// How long the speaker talks over all slides.
    pub fn minutes(&self) -> f64 {
        self.slides.iter().map(|slide| slide.minutes).sum()
    }
}

/// A slide whose end is not reached yet.
struct Draft {
    line: usize,
    title: String,
    body: String,
    note: Option<Note>,
    exercises: Option<Exercises>,
}

impl Draft {
    fn new(line: usize) -> Self {
        Self { line, title: String::new(), body: String::new(), note: None, exercises: None }
    }

    fn body(&mut self, line: &str) {
        self.body += line;
        self.body.push('\n');
    }

    fn heading(&mut self, line: &str) {
        let text = line.trim_start_matches('#');
        if self.title.is_empty() && text.len() < line.len() && text.starts_with(' ') {
            self.title = text.trim().to_owned();
        }
    }

    fn note(&mut self, line: usize, note: Note) -> Result<(), Error> {
        match self.note.replace(note) {
            None => Ok(()),
            Some(_) => Err(Error { line, fault: Fault::TwoNotes }),
        }
    }

    fn exercises(&mut self, exercises: Exercises) -> Result<(), Error> {
        let line = exercises.line;
        match self.exercises.replace(exercises) {
            None => Ok(()),
            Some(_) => Err(Error { line, fault: Fault::TwoBlocks }),
        }
    }

    fn finish(self) -> Result<Slide, Error> {
        let Self { line, title, body, note, exercises } = self;
        // The line of the heading says more than that of the border before it.
        let blank = body.lines().take_while(|line| line.trim().is_empty()).count();
        let line = line + blank;
        let Some(Note { text, minutes, .. }) = note else {
            return Err(Error { line, fault: Fault::NoNote });
        };
        Ok(Slide { title, body: body.trim().to_owned() + "\n", note: text, minutes, exercises, line })
    }
}
