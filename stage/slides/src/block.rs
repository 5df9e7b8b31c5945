//! The blocks of a slide, from top to bottom.

use crate::figure::Figure;
use crate::scene::Scene;

/// A part of a slide that takes the whole width.
#[derive(Debug)]
pub(crate) enum Block {
    Heading {
        level: u8,
        text: Inline,
    },
    Paragraph(Inline),
    List {
        start: Option<u64>,
        items: Vec<Vec<Block>>,
    },
    Quote(Vec<Block>),
    Table {
        head: Vec<Inline>,
        rows: Vec<Vec<Inline>>,
    },
    Code(Code),
    Diagram {
        scene: Scene,
        source: Option<String>,
        line: usize,
    },
    Figure {
        figure: Figure,
        source: Option<String>,
    },
    Image {
        path: String,
        text: String,
        line: usize,
    },
    /// What follows appears with the next key.
    Pause,
}

/// Code or plain text within a fence.
#[derive(Debug)]
pub(crate) struct Code {
    pub(crate) language: String,
    pub(crate) text: String,
    /// Where it was included from, as people say it.
    pub(crate) source: Option<String>,
    /// The line of the deck in which its fence begins.
    pub(crate) line: usize,
}

/// Text that flows: how it is marked up, and what it says in which face, so that it can be measured.
#[derive(Debug, Default)]
pub(crate) struct Inline {
    pub(crate) html: String,
    pub(crate) runs: Vec<(Face, String)>,
}

/// What a run of text is set in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Face {
    Sans,
    Bold,
    Mono,
}

impl Inline {
    /// What it says, without markup.
    pub(crate) fn text(&self) -> String {
        self.runs.iter().map(|(_, text)| text.as_str()).collect()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.html.trim().is_empty()
    }
}

/// The text escaped for HTML, also in attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            c => escaped.push(c),
        }
    }
    escaped
}
