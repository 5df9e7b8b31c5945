//! All of the chapter together, in simulated fleets: schedules of faults that nobody thought of.

use crate::replica::AntiEntropyReplica;

fn survives(seed: u64) {
    check::promise(
        "Whatever is cut, killed and started again: in the end all replicas hold the same, and nothing is lost or back.",
    );
    if let Err(story) = world::trial(AntiEntropyReplica, seed, "cargo workshop world --mine") {
        panic!("{story}");
    }
}

// Without streams, in slices of five keys, one session at a time.
#[test]
fn ex_6_5_a_fleet_survives_seed_24() {
    survives(24);
}
