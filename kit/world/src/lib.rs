//! A fleet in one process, in virtual time.
//!
//! Read the files in this order: `action` and `schedule` (what is done to a fleet), `facts` (what was seen of
//! it), `invariants` and `promises` (what must hold of that, and why). They know no chapter, and serve the test with real processes too;
//! `client` is what speaks to a replica in both.

mod action;
mod client;
pub mod facts;
mod finding;
pub mod invariants;
mod millis;
mod promises;
mod schedule;
pub mod shrink;

pub use action::Action;
pub use client::Client;
pub use finding::{Broken, Figures, Finding};
pub use promises::{Violation, judge};
pub use schedule::{Latency, Limits, Schedule, Step, Ways};
