//! What the tests share.

pub mod machines;
pub mod nodes;
pub mod cutter;
