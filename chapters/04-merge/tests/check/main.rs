//! What chapter 04 promises. `cargo workshop check 04` runs these tests on your code.
#![allow(clippy::unwrap_used)]

mod apply;
mod collect;
mod damage;
mod latest;
mod observe;
mod order;
mod properties;
mod relation;
mod returning;
mod simulation;
mod stomps;
mod support;
