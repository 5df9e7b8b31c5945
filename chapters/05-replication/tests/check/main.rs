//! What chapter 05 promises. `cargo workshop check 05` runs these tests on your code.

mod cut;
mod damage;
mod ends;
mod fleet;
mod log;
mod past;
mod receiver;
mod sender;
mod support;
mod tangle;
