//! What chapter 05 promises. `cargo workshop check 05` runs these tests on your code.

mod ends;
mod fleet;
mod log;
mod log_cut;
mod past;
mod receiver;
mod seeds;
mod sender;
mod support;
mod tangle;
mod unreadable;

#[path = "../../world/parts.rs"]
mod parts;
#[path = "../../world/replica.rs"]
mod replica;
