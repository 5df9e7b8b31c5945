//! What every engine promises, checked against every engine.
//!
//! `ATOLL_SOAK=n` runs n times the rounds. Seeds are fixed: a failure comes again.

// Helpers of tests may panic as tests do; clippy allows it by itself only inside of test functions.
#![allow(clippy::unwrap_used, clippy::panic)]

mod calls;
mod crash;
mod damage;
mod full_disk;
mod groups;
mod leveldb;
mod model;
mod process;
mod support;
mod sync;
