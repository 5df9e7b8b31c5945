//! What the tests of the chapters rely on in the network in memory.

// Clippy knows the functions with #[test], not those that they share.
#![allow(clippy::unwrap_used)]

mod breaks;
mod cuts;
mod pipe;
mod support;
mod time;
