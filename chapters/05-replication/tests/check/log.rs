//! 5.1: the change log.

use std::fmt::Write as _;
use std::time::Duration;

use store::{Object, ReplicaId, Version, Write};

use crate::support::{Replica, key, object};

#[tokio::test]
async fn ex_5_1_the_log_holds_the_writes_of_its_own_clients() {
    check::promise(
        "Each write of this replica's clients, and no other, is in the log with what the key holds now.",
    );
    let replica = Replica::new(1).await;
    replica.put("apple", "green").await;
    replica.put("pear", "green").await;
    replica.put("apple", "red").await;
    replica.store.delete(&key("pear")).await.unwrap();
    replica.take("plum", object((9, 2), "blue")).await;
    // It knew of the write here that it replaces.
    let versions =
        [(3, 1), (12, 2)].map(|(counter, replica)| Version { counter, replica: ReplicaId(replica) });
    let over_ours = Object { vector: versions.into_iter().collect(), ..object((12, 2), "yellow") };
    replica.take("apple", over_ours).await;
    let three = |write: &mut Write<'_, '_>| {
        ["fig", "date", "fig"].into_iter().try_for_each(|name| write.put(&key(name), vec![b'x']).map(drop))
    };
    replica.store.write(three).await.unwrap();
    replica.store.write(|write| write.put(&key("refused"), vec![0; 2 << 20])).await.unwrap_err();
    let half = |write: &mut Write<'_, '_>| {
        write.put(&key("half"), vec![b'x'])?;
        write.put(&key("refused"), vec![0; 2 << 20])
    };
    replica.store.write(half).await.unwrap_err();
    check::snapshot!("log", replica.show_log().await);
}

#[tokio::test]
async fn ex_5_1_every_write_of_a_client_is_sent_whatever_it_replaces() {
    check::promise(
        "Whatever a client's write replaces, and whatever its number is, it is in the log: what a peer wrote is \
         overwritten and deleted here, and the peers have to hear of it.",
    );
    let replica = Replica::new(1).await;
    // Another replica: its id ends with the same 32 bits.
    let other = (1 << 32) + 1;
    replica.take("apple", object((2, 2), "green")).await;
    replica.put("apple", "red").await;
    replica.take("pear", object((4, 2), "green")).await;
    replica.store.delete(&key("pear")).await.unwrap();
    replica.put("pear", "new").await;
    replica.take("plum", object((1 << 33, other), "its number needs more than 32 bits")).await;
    replica.put("fig", "blue").await;
    replica.put("fig", "blue").await;
    replica.store.delete(&key("plum")).await.unwrap();
    let damaged = |txn: &mut engine::Transaction<'_>| {
        txn.put(key("nut").encode(), [0xff, 1]);
        Ok::<_, engine::Error>(())
    };
    replica.store.engine().update(damaged).await.unwrap();
    replica.store.delete(&key("nut")).await.unwrap();
    let reserved = store::Key::new("atoll.test", "date").unwrap();
    replica.store.write(move |write| write.put(&reserved, b"kept by replicas".to_vec())).await.unwrap();
    check::snapshot!("kinds", replica.show_log().await);
}

#[tokio::test]
async fn ex_5_1_the_log_goes_on_after_a_restart() {
    check::promise(
        "After a crash the log goes on where the disk says, and what was not written is not in it.",
    );
    let mut replica = Replica::new(1).await;
    replica.put("apple", "green").await;
    replica.put("pear", "green").await;
    replica = replica.restart().await;
    replica.put("fig", "blue").await;
    replica.disk.fail_after(0);
    replica.store.put(&key("lost"), "x").await.unwrap_err();
    replica = replica.restart().await;
    replica.put("date", "brown").await;
    check::snapshot!("restart", replica.show_log().await);
}

#[tokio::test]
async fn ex_5_1_a_forgotten_tombstone_is_no_write() {
    check::promise(
        "A tombstone that is forgotten is no write: the log has its entry from before, and no new one.",
    );
    let replica = Replica::new(1).await;
    replica.put("apple", "green").await;
    let tombstone = replica.store.delete(&key("apple")).await.unwrap().unwrap();
    let mut story = format!("deleted\n{}", replica.show_log().await);
    replica.store.write(move |write| write.forget(&key("apple"), &tombstone)).await.unwrap();
    write!(story, "forgotten\n{}", replica.show_log().await).unwrap();
    check::snapshot!("forgotten", story);
}

#[tokio::test]
async fn ex_5_1_who_sends_is_woken_and_lag_is_counted() {
    check::promise(
        "A write wakes those who send, a peer's write does not; lag is the changes and the age of the oldest.",
    );
    let replica = Replica::new(1).await;
    let mut grown = replica.log.grown();
    let mut story = String::new();
    let mut woken = |what: &str| {
        let woken = if grown.has_changed().unwrap() { "woken" } else { "not woken" };
        grown.borrow_and_update();
        writeln!(story, "{what}: {woken}").unwrap();
    };
    woken("no write");
    let first = replica.put("apple", "green").await;
    woken("a put");
    replica.take("plum", object((9, 2), "blue")).await;
    woken("a peer's write");
    replica.clock.step(Duration::from_millis(5_500));
    replica.store.delete(&key("apple")).await.unwrap();
    woken("a delete");
    replica.clock.step(Duration::from_millis(2_250));
    for (words, sequence) in [("nothing", 0), ("the put", first.version.counter), ("both", 100)] {
        let lag = replica.log.lag(&replica.store, sequence).await.unwrap();
        writeln!(story, "who has {words} lags by {} changes, {:?}", lag.changes, lag.age).unwrap();
    }
    check::snapshot!("woken", story);
}
