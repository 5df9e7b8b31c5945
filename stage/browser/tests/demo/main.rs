//! The live page as an instructor uses it.

mod by_hand;
mod by_keys;
mod support;
