//! What chapter 03 promises. `cargo workshop check 03` runs these tests on your code.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod bad_entries;
mod damage;
mod detector;
mod fleet;
mod hello;
mod identity;
mod join;
mod network;
mod own_entry;
mod past;
mod pool;
mod retry;
mod roles;
mod strangers;
mod support;
mod table;
