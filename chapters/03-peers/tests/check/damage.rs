//! 3.5: entries of the peer table that cannot be read.

use std::fmt::Write as _;

use peers::NAMESPACE;
use store::{Key, Store};

use crate::network::Fleet;
use crate::support::peer;

/// Puts bytes under a record that no program of ours would put there.
async fn damage(store: &Store, record: Vec<u8>) {
    let damage = store.engine().update(move |txn| {
        txn.put(record, [0xff, 1]);
        Ok::<_, engine::Error>(())
    });
    damage.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn ex_3_5_a_damaged_entry_ends_no_replica() {
    check::promise(
        "A replica whose table has damaged entries, its own among them, goes on, and the next pings mend them.",
    );
    let mut fleet = Fleet::new();
    let us = fleet.start(peer(1, "us")).await;
    let _de = fleet.start(peer(2, "de")).await;
    let _sg = fleet.start(peer(3, "sg")).await;
    fleet.at(10.0).await;
    us.peers.table().remove(store::ReplicaId(3)).await.unwrap();
    fleet.note("replica 3 is removed");
    fleet.at(15.0).await;
    for replica in ["1", "2", "3"] {
        damage(&us.store, Key::new(NAMESPACE, replica).unwrap().encode()).await;
        fleet.note(&format!("on replica 1 the entry of replica {replica} is damaged"));
        fleet.at(15.0 + 5.0 * replica.parse::<f64>().unwrap()).await;
        assert!(!us.running.is_finished(), "replica 1 has ended");
        fleet.list(1).await;
        let removed = us.peers.table().removed().await.unwrap();
        writeln!(fleet.story, "  removed: {removed:?}, found damaged: {}", us.store.damaged()).unwrap();
    }
    check::snapshot!("mended", fleet.story);
}
