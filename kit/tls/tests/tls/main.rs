//! Two sides that know each other, and those that are refused.

// Clippy knows the functions with #[test], not those that they share.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod files;
mod handshakes;
mod holders;
mod pair;
mod replaced;
mod support;
