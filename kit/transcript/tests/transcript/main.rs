//! What the chapters rely on in transcripts.

// Clippy knows the functions with #[test], not those that they share.
#![allow(clippy::unwrap_used)]

mod diagram;
mod log;
mod recorder;
mod support;
mod tangle;
