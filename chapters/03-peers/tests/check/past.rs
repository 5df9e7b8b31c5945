//! 3.5: replicas that went back in time, or run twice, as pings show it.

use engine::{Engine, MemoryDisk};
use peers::{Account, Peer};
use store::{Hold, Identity, Key, ReplicaId, Store};

use crate::network::{Fleet, Process};
use crate::support::peer;

async fn open(disk: &MemoryDisk, replica: u64) -> Store {
    let identity = Identity { replica: ReplicaId(replica), region: "us".into(), owner: "ann".into() };
    Store::open(Engine::memory(disk), identity, Vec::new()).await.unwrap()
}

/// A replica that says which run of its process it is, as processes do.
fn run(replica: u64, region: &str, run: u8) -> Peer {
    Peer { run: vec![run; 16], ..peer(replica, region) }
}

/// What a client of the process gets.
fn tell(fleet: &mut Fleet, process: &Process, words: &str) {
    let state = match process.store.hold() {
        None => "takes writes".into(),
        Some(Hold::Joining(_)) => "has not heard from its fleet yet".into(),
        Some(Hold::WentBack(found)) => format!("went back in time: {found}"),
    };
    fleet.note(&format!("{words}: replica {} {state}", process.peers.me().replica));
}

/// What the layers above keep account of: here, up to where the writes of one replica came.
struct Known(ReplicaId, u64);

impl Known {
    /// All that the process has written.
    async fn all_of(process: &Process) -> Self {
        Self(process.store.identity().replica, process.store.clock().await.unwrap())
    }
}

#[tonic::async_trait]
impl Account for Known {
    async fn known_of(&self, replica: ReplicaId) -> Result<u64, store::Error> {
        Ok(if replica == self.0 { self.1 } else { 0 })
    }
}

async fn write(process: &Process, times: usize) {
    let key = Key::new("fruit", "apple").unwrap();
    for _ in 0..times {
        process.store.put(&key, "green").await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn ex_3_5_a_ping_tells_a_replica_that_it_went_back_in_time() {
    check::promise(
        "A replica that hears of writes of its own that it never made takes no more; one that only restarts does.",
    );
    let mut fleet = Fleet::new();
    let disk = MemoryDisk::new();
    let us = fleet.join(open(&MemoryDisk::new(), 1).await, run(1, "us", 1), &[], false).await;
    let de = fleet.join(open(&disk, 2).await, run(2, "de", 1), &["us-1"], false).await;
    fleet.at(3.0).await;
    let backup = disk.copy();
    write(&de, 5).await;
    us.peers.account(Known::all_of(&de).await);
    fleet.kill(de).await;
    let de = fleet.join(open(&disk, 2).await, run(2, "de", 2), &["us-1"], false).await;
    fleet.at(4.0).await;
    tell(&mut fleet, &de, "restarted");
    fleet.kill(de).await;
    let de = fleet.join(open(&backup, 2).await, run(2, "de", 3), &["us-1"], false).await;
    fleet.at(6.0).await;
    tell(&mut fleet, &de, "restored");
    let told = us.peers.went_back();
    fleet.note(&format!("replica 1 was told that these went back in time: {told:?}"));
    fleet.kill(de).await;
    let de = fleet.join(open(&backup, 2).await, run(2, "de", 4), &[], false).await;
    tell(&mut fleet, &de, "started once more");
    check::snapshot!("went_back", fleet.story);
}

#[tokio::test(start_paused = true)]
async fn ex_3_5_a_copy_from_before_the_others_joined_is_found_out() {
    check::promise(
        "A directory that was copied when it knew nobody gives none of the numbers that it may have given since.",
    );
    let mut fleet = Fleet::new();
    let disk = MemoryDisk::new();
    let us = fleet.join(open(&disk, 1).await, run(1, "us", 1), &[], false).await;
    fleet.at(1.0).await;
    let backup = disk.copy();
    let de = fleet.join(open(&MemoryDisk::new(), 2).await, run(2, "de", 1), &["us-1"], false).await;
    fleet.at(4.0).await;
    write(&us, 5).await;
    de.peers.account(Known::all_of(&us).await);
    fleet.kill(us).await;
    fleet.network.cut(1, 2);
    fleet.network.cut(2, 1);
    let us = fleet.join(open(&backup, 1).await, run(1, "us", 2), &[], false).await;
    fleet.at(5.0).await;
    tell(&mut fleet, &us, "restored, and knows nobody");
    // More than it has forgotten.
    write(&us, 9).await;
    fleet.network.heal(1, 2);
    fleet.network.heal(2, 1);
    fleet.at(12.0).await;
    tell(&mut fleet, &us, "after 9 writes it hears of replica 2");
    check::snapshot!("copy_knew_nobody", fleet.story);
}

#[tokio::test(start_paused = true)]
async fn ex_3_5_two_starts_of_one_state_give_other_numbers() {
    check::promise(
        "A replica and a copy of its directory that both start from the same state, alone, never give the same version.",
    );
    let mut fleet = Fleet::new();
    let disk = MemoryDisk::new();
    let us = fleet.join(open(&disk, 1).await, run(1, "us", 1), &[], false).await;
    fleet.at(1.0).await;
    fleet.kill(us).await;
    // Made while it was stopped, so nothing is missing from it.
    let backup = disk.copy();
    let us = fleet.join(open(&disk, 1).await, run(1, "us", 2), &[], false).await;
    fleet.at(2.0).await;
    let de = fleet.join(open(&MemoryDisk::new(), 2).await, run(2, "de", 1), &["us-1"], false).await;
    fleet.at(5.0).await;
    write(&us, 5).await;
    de.peers.account(Known::all_of(&us).await);
    fleet.kill(us).await;
    fleet.network.cut(1, 2);
    fleet.network.cut(2, 1);
    let us = fleet.join(open(&backup, 1).await, run(1, "us", 3), &[], false).await;
    fleet.at(6.0).await;
    write(&us, 9).await;
    tell(&mut fleet, &us, "restored, alone");
    fleet.network.heal(1, 2);
    fleet.network.heal(2, 1);
    fleet.at(12.0).await;
    tell(&mut fleet, &us, "after 9 writes it hears of replica 2");
    check::snapshot!("same_state", fleet.story);
}

#[tokio::test(start_paused = true)]
async fn ex_3_5_two_copies_of_a_directory_are_found_out() {
    check::promise("Of one directory that runs twice, in whatever order, both copies are found out.");
    let mut fleet = Fleet::new();
    let (here, hosts) = (MemoryDisk::new(), ["us-1"]);
    let us = fleet.join(open(&MemoryDisk::new(), 1).await, run(1, "us", 1), &[], false).await;
    let de = fleet.join(open(&here, 2).await, run(2, "de", 1), &hosts, false).await;
    fleet.at(3.0).await;
    let there = here.copy();
    // Its server takes the place of the other on this network; that one still asks.
    let copy = fleet.join(open(&there, 2).await, run(2, "de", 2), &hosts, false).await;
    fleet.at(8.0).await;
    tell(&mut fleet, &de, "5 s after a copy was started");
    tell(&mut fleet, &copy, "5 s after it was started");
    // What the layers above do with what was told.
    us.peers.refuse(us.peers.went_back());
    fleet.at(12.0).await;
    tell(&mut fleet, &de, "refused");
    tell(&mut fleet, &copy, "refused");
    check::snapshot!("copies", fleet.story);
}
