//! What the tests share.

pub mod machines;
