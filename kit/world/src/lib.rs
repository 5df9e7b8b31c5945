//! A fleet in one process, in virtual time.
//!
//! Read the files in this order: `action` and `schedule` (what is done to a fleet), `facts` (what was seen of
//! it), `invariants` (what must hold of that). They know no chapter, and serve the test with real processes too;
//! `client` is what speaks to a replica in both.

mod action;
mod client;
pub mod facts;
pub mod invariants;
mod millis;
mod schedule;

pub use action::Action;
pub use client::Client;
pub use schedule::{Latency, Limits, Schedule, Step, Ways};
