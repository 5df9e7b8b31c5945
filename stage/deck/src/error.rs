use thiserror::Error;

/// Why a text is no deck.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("line {line}: {fault}")]
pub struct Error {
    /// Where, from 1.
    pub line: usize,
    /// What is wrong there.
    pub fault: Fault,
}

/// What is wrong with a deck.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Fault {
    /// A slide about which nothing is said.
    #[error("this slide has no note; add a line such as <!-- note: 2 min. What to say. -->")]
    NoNote,
    /// A slide with more than one note.
    #[error("this slide has a note already; make one of them, or put a line '---' between two slides")]
    TwoNotes,
    /// A note that does not say how long it takes.
    #[error("this note does not begin with its minutes; write for example 'note: 1.5 min. What to say.'")]
    NoMinutes,
    /// Minutes, and nothing to say.
    #[error("this note says nothing but its minutes; add what to say and do")]
    EmptyNote,
    /// A note without its end.
    #[error("this note does not end; add '-->'")]
    OpenNote,
    /// Text after a note, in the same line.
    #[error("there is text after this note; begin a line of its own after '-->'")]
    TextAfterNote,
    /// Exercises that cannot be read.
    #[error("write the exercises in a line of their own, such as <!-- exercises: 2.1 2.2 -->")]
    UnreadableExercises,
    /// A slide with more than one block of exercises.
    #[error("this slide has exercises already; name all of them in one line")]
    TwoBlocks,
    /// A fence without its end.
    #[error("this fence does not end; close it with the same number of '`' or '~'")]
    OpenFence,
    /// A first slide without a heading.
    #[error("the first slide has no heading, so the deck has no title; begin with '# Title'")]
    NoTitle,
}
