//! 5.1 and 5.5: records that cannot be read.
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;

use store::Store;
use tokio::time::sleep;

use crate::support::fleet::{MS, Node, introduce, network};
use crate::support::{Replica, key, object};

/// Puts bytes under a record that no program of ours would put there.
async fn damage(store: &Store, record: Vec<u8>) {
    let damage = store.engine().update(move |txn| {
        txn.put(record, [0xff, 1]);
        Ok::<_, engine::Error>(())
    });
    damage.await.unwrap();
}

fn entry(sequence: u64) -> Vec<u8> {
    [b"le".as_slice(), &sequence.to_be_bytes()].concat()
}

#[tokio::test]
async fn ex_5_1_a_damaged_log_is_mended() {
    check::promise(
        "A log with a damaged record is mended from the objects: no write is passed over, and none is held up.",
    );
    let mut story = String::new();
    for (words, record) in [
        ("the entry of apple", entry(1)),
        ("an entry of pear, which was written again", entry(2)),
        ("an entry of fig, which another replica wrote since", entry(4)),
        ("the last entry", entry(5)),
        ("the last ordinal", b"llast".to_vec()),
        ("where the log was cut", b"lcut".to_vec()),
        ("what stands among the entries and names no write", b"le!".to_vec()),
        ("where it was cut, and the first entry", b"lcut".to_vec()),
    ] {
        let replica = Replica::new(1).await;
        for name in ["apple", "pear", "pear", "fig", "plum"] {
            replica.put(name, "x").await;
        }
        replica.take("fig", object((9, 2), "y")).await;
        if words.ends_with("the first entry") {
            replica.log.cut(&replica.store, 1).await.unwrap();
            damage(&replica.store, entry(2)).await;
        }
        damage(&replica.store, record).await;
        writeln!(story, "{words} is damaged\n{}", replica.show_log().await).unwrap();
        replica.put("quince", "x").await;
        let length = replica.log.length(&replica.store).await.unwrap();
        replica.log.cut(&replica.store, 5).await.unwrap();
        writeln!(
            story,
            "  {length} changes with quince, found damaged: {}; cut at 5:\n{}",
            replica.store.damaged(),
            replica.show_log().await
        )
        .unwrap();
    }
    check::snapshot!("log", story);
}

#[tokio::test(start_paused = true)]
async fn ex_5_5_a_damaged_record_holds_up_no_stream() {
    check::promise(
        "With a damaged object on either side all other writes arrive, and the next write of its key mends it.",
    );
    let network = network();
    let mut one = Node::serve(Replica::new(1).await, &network).await;
    let mut two = Node::serve(Replica::new(2).await, &network).await;
    introduce(&[&one, &two]).await;
    for name in ["apple", "fig", "kiwi"] {
        one.replica.put(name, "green").await;
    }
    damage(&one.replica.store, key("apple").encode()).await;
    one.run();
    two.run();
    sleep(MS * 3_000).await;
    let mut story =
        format!("apple is damaged where it was written; replica 2 holds\n{}", two.replica.show().await);
    damage(&two.replica.store, key("fig").encode()).await;
    for name in ["fig", "plum"] {
        one.replica.put(name, "red").await;
    }
    sleep(MS * 3_000).await;
    story +=
        &format!("fig is damaged there, and put again here; replica 2 holds\n{}", two.replica.show().await);
    one.replica.put("apple", "red").await;
    sleep(MS * 3_000).await;
    story += &format!("apple is put again; replica 2 holds\n{}", two.replica.show().await);
    story += &format!(
        "found damaged: {} on replica 1, {} on replica 2, which knows {} of replica 1, at {}\n",
        one.replica.store.damaged(),
        two.replica.store.damaged(),
        two.replica.knows(1).await,
        one.replica.store.clock().await.unwrap()
    );
    check::snapshot!("streams", story);
}
