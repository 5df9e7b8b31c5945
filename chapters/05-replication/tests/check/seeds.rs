//! All of the chapter together, in simulated fleets: schedules of faults that nobody thought of.
#![allow(clippy::panic)]

use crate::replica::StreamingReplica;

fn survives(seed: u64) {
    check::promise(
        "Whatever is cut, killed and started again: in the end all replicas hold the same, and nothing is lost or back.",
    );
    if let Err(story) = world::trial(StreamingReplica, seed, "cargo workshop world --chapter 05 --mine") {
        panic!("{story}");
    }
}

#[test]
fn ex_5_5_a_fleet_survives_seed_1() {
    survives(1);
}
