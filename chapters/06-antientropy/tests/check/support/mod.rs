//! What the tests share.

pub mod cutter;
pub mod machines;
pub mod nodes;
