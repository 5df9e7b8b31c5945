//! 1.5: when no version is given.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fmt::Write as _;

use engine::MemoryDisk;
use store::{Clock, Joined, MAX_AHEAD, Object, ReplicaId};

use crate::support::{dump, key, open, version};

#[tokio::test]
async fn ex_1_5_a_held_replica_gives_no_versions() {
    check::promise(
        "A replica that is joining, or went back in time, takes no writes; what others wrote is stored, reads go on.",
    );
    let disk = MemoryDisk::new();
    let mut store = open(&disk).await;
    let mut story = String::new();
    store.put(&key("apple"), "green").await.unwrap();
    store.joins("http://de-2:4400 does not answer").await.unwrap();
    let theirs = crate::support::object(7, 2, "blue");
    store.write(move |write| write.store(&key("plum"), None, &theirs)).await.unwrap();
    crate::support::held(&mut story, "joining", &store).await;
    store.joined(Joined::New).await.unwrap();
    crate::support::held(&mut story, "joined", &store).await;
    store.went_back("replica 2 knows it".into()).await.unwrap();
    crate::support::held(&mut story, "went back", &store).await;
    store.joins("http://de-2:4400 does not answer").await.unwrap();
    store.joined(Joined::New).await.unwrap();
    crate::support::held(&mut story, "joined again", &store).await;
    store = open(&disk).await;
    crate::support::held(&mut story, "restarted", &store).await;
    check::snapshot!("held", format!("{story}\n{}", dump(&store).await));
}

#[tokio::test]
async fn ex_1_5_a_start_each_second_is_believed_by_whoever_was_away() {
    check::promise(
        "A replica that starts 2,000 times, writes each time, and never hears all others, is not too far ahead of them.",
    );
    let disk = MemoryDisk::new();
    let store = open(&disk).await;
    let mut story = String::new();
    store.joins("replica 2").await.unwrap();
    store.joined(Joined::HeardAll).await.unwrap();
    let away = Clock::new(store.clock().await.unwrap(), ReplicaId(2));
    let mut before = 0;
    for start in 1..=2_000 {
        store.joins("replica 2").await.unwrap();
        store.joined(Joined::HeardSome { draw: start * 7_777_777 }).await.unwrap();
        let version = store.put(&key("apple"), "green").await.unwrap().version;
        assert!(away.believes(version), "start {start}: {version}");
        if [1, 2, 3, 1000, 2000].contains(&start) {
            writeln!(story, "start {start} leaves out {} numbers", version.counter - before - 1).unwrap();
        }
        before = version.counter;
    }
    writeln!(story, "then its clock stands at {before}: a peer that was away believes up to {MAX_AHEAD} more than it knows")
        .unwrap();
    store.joins("replica 2").await.unwrap();
    store.joined(Joined::HeardAll).await.unwrap();
    store.joins("replica 2").await.unwrap();
    store.joined(Joined::HeardSome { draw: 7_777_777 }).await.unwrap();
    let clock = store.clock().await.unwrap();
    writeln!(story, "once all were heard, the next start leaves out {} again", clock - before).unwrap();
    check::snapshot!("left_out", story);
}

#[tokio::test]
async fn ex_1_5_others_know_a_write_that_was_never_made() {
    check::promise(
        "Who hears of a write of its own that it never made went back in time; who hears of one that it made did not.",
    );
    let mut story = String::new();
    // The store has written 1@1 to 3@1, joins at 3, hears of 9@2, and writes 10@1.
    for counter in [0, 3, 4, 8, 9, 10, 11] {
        let store = crate::support::written().await;
        store.others_know(ReplicaId(2), counter).await.unwrap();
        writeln!(story, "replica 2 knows its writes up to {counter}: {}", crate::support::went_back(&store))
            .unwrap();
    }
    let vector = Object {
        vector: [version(12, 2), version(5, 1)].into_iter().collect(),
        ..crate::support::object(12, 2, "x")
    };
    let objects = [
        ("apple", crate::support::object(1, 1, "1")),
        ("apple", crate::support::object(1, 1, "2")),
        ("apple", crate::support::object(2, 1, "2")),
        ("quince", crate::support::object(3, 1, "3")),
        ("quince", crate::support::object(5, 1, "3")),
        // The clock of the fleet stood at its last write, and that was forgotten here.
        ("quince", crate::support::object(9, 1, "3")),
        ("quince", crate::support::object(11, 1, "3")),
        ("quince", crate::support::object(12, 2, "x")),
        ("quince", vector),
    ];
    for (name, theirs) in objects {
        let store = crate::support::written().await;
        let line = format!("{name} {} with {}", theirs.version, theirs.vector);
        // The clock moves on first, as it does where many objects come together.
        let check = store.write(move |write| {
            assert!(write.observe(version(30, 2)));
            write.check_own(&key(name), &theirs)
        });
        check.await.unwrap();
        writeln!(story, "{line}: {}", crate::support::went_back(&store)).unwrap();
    }
    check::snapshot!("others_know", story);
}
