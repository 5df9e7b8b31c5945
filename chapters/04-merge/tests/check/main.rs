//! What chapter 04 promises. `cargo workshop check 04` runs these tests on your code.
#![allow(clippy::unwrap_used)]

mod simulation;
