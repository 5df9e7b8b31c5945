//! Chapter 04.
fn main() {}
