//! Schedules that once broke a promise of the solutions: what stood after chapter 06 then was mended for each.

// A test fails by panicking.
#![allow(clippy::unwrap_used)]

#[path = "../../05-replication/world/parts.rs"]
mod parts;
mod replica;

use world::{Schedule, World};

/// A replica lost its disk's last commits, and a write of it was at a single other one, to which a session had brought
/// it. It was told only of what came in order, so it went on, and told the third replica that it had everything.
#[test]
fn a_write_that_a_session_brought_finds_out_who_forgot_it() {
    keeps_its_promises(274, include_str!("found/274-forgotten-last-write.json"));
}

fn keeps_its_promises(seed: u64, schedule: &str) {
    let schedule: Schedule = serde_json::from_str(schedule).unwrap();
    let broken = World::new(replica::AntiEntropyReplica).run(seed, &schedule).broken();
    let broken: Vec<_> = broken.iter().map(|violation| (violation.invariant, &violation.facts)).collect();
    assert!(broken.is_empty(), "{broken:#?}");
}
