//! 3.5: the first contact, with all of the chapter together.

use std::sync::Arc;
use std::time::Duration;

use peers::{Peer, Peers, Seeds, Settings, join};
use store::{Key, Store};
use tonic::service::Routes;

use crate::network::{Fleet, NetDial};
use crate::support::{peer, store};

/// A replica that has not been run: it only asks and answers.
async fn open(fleet: &Fleet, store: &Store, me: Peer) -> Peers {
    let seeds = Seeds { list: vec![peer(1, "us").address, peer(2, "de").address], ..Seeds::default() };
    let settings = Settings { interval: Duration::from_secs(1), seeds };
    let dial = Arc::new(NetDial { network: fleet.network.clone(), from: me.replica });
    Peers::open(store.clone(), me, settings, dial).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn ex_3_5_a_replica_that_joins_writes_later_than_all_that_was_written() {
    check::promise("A replica that joins hears where the clocks of the others stand before it writes.");
    let fleet = Fleet::new();
    let (old, new) = (store(1).await, store(2).await);
    let first = open(&fleet, &old, peer(1, "us")).await;
    let apple = Key::new("fruit", "apple").unwrap();
    let mut last = None;
    for _ in 0..40 {
        last = Some(old.put(&apple, "green").await.unwrap().version);
    }
    join(&first).await.unwrap();
    fleet.network.serve(1, Routes::new(first.server()));
    let second = open(&fleet, &new, peer(2, "de")).await;
    join(&second).await.unwrap();
    let written = new.put(&apple, "red").await.unwrap().version;
    let known: Vec<_> = second.others().await.unwrap().into_iter().map(|peer| peer.replica).collect();
    check::snapshot!(
        "join",
        format!(
            "replica 1 has written {}\nreplica 2 joins, knows {known:?}, and writes {written}\n",
            last.unwrap()
        )
    );
}
