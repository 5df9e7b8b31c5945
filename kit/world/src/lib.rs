//! A fleet in one process, in virtual time.
//!
//! Read the files in this order: `action` and `schedule` (what is done to a fleet), `facts` (what was seen of
//! it), `invariants`, `losses` and `promises` (what must hold of that, and why). They know no chapter, and serve the test with
//! real processes too; `client` is what speaks to a replica in both. Then the simulated fleet: `program` (what a
//! chapter's replica is to it), `process` (a runtime for each), `wall_clock`, `numbers` (what replicas call each
//! other), `fleet` (all of them, and their time),
//! `hearing` (what they say), `run` (a schedule is played, and facts come out), `swarm` (a schedule from a seed),
//! `shrink` and `finding` (the shortest schedule that breaks a promise), `report` (a failure, for people), `command`
//! (many seeds), `trial` (one, as a test of a chapter).

mod action;
mod client;
mod command;
mod coverage;
mod excuses;
pub mod facts;
mod finding;
mod fleet;
mod gone;
mod hearing;
pub mod invariants;
pub mod losses;
mod millis;
mod numbers;
mod polls;
mod process;
mod program;
mod promises;
mod report;
mod run;
mod schedule;
pub mod shrink;
mod swarm;
mod trial;
mod wall_clock;

pub use action::Action;
pub use client::Client;
pub use command::main;
pub use finding::{Broken, Figures, Finding};
pub use hearing::{Complaint, Heard, Told};
pub use numbers::Numbers;
pub use program::{Account, Dialer, Failure, Place, Program, Settings, Started};
pub use promises::{Violation, judge};
pub use run::{Run, World};
pub use schedule::{Latency, Limits, Schedule, Step, Ways};
pub use swarm::schedule;
pub use trial::trial;
