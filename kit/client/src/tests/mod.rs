//! Commands as they are typed, against a replica whose answers are known.

// Clippy knows the functions with #[test], not those that they share.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../../../tls/tests/tls/support.rs"]
mod certificates;
mod line;
mod peers;
mod replica;
mod secure;
mod sync;
