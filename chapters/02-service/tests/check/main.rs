//! What chapter 02 promises. `cargo workshop check 02` runs these tests on your code.

mod batch;
mod bytes;
mod compatibility;
mod given;
mod memory;
mod metrics;
mod refusals;
mod scan;
mod session;
mod statuses;
mod support;
mod unary;
