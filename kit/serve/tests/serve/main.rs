//! The server around a service, seen from its clients.

// Clippy knows the functions with #[test], not those that they share.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../../../tls/tests/tls/support.rs"]
mod certificates;
mod deadlines;
mod ends;
mod floods;
mod guarded;
mod ids;
mod memory;
mod running;
mod secure;
mod server;
mod service;
mod shutdown;
mod words;
