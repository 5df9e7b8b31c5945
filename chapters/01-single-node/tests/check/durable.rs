//! 1.5: what is on disk when a write is acknowledged.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use engine::{Engine, MemoryDisk};
use store::Store;

use crate::support::{dump, key, open};

#[tokio::test]
async fn ex_1_5_a_crash_leaves_a_whole_write_or_none() {
    check::promise(
        "After a crash at any moment, every acknowledged write is there, counted, and no version is given twice.",
    );
    let mut story = String::new();
    for commits in 0..=4 {
        let (text, faults) = crate::support::crash_after(commits).await;
        let text = format!("The process dies after commit {commits}.\n{text}");
        assert!(faults.is_empty(), "{text}\n{}", faults.join("\n"));
        story += &(text + "\n");
    }
    check::snapshot!("crashes", story);
}

#[tokio::test]
async fn ex_1_5_a_refused_write_leaves_nothing() {
    check::promise(
        "A write that ends in an error leaves neither objects nor a moved clock nor other counts.",
    );
    let disk = MemoryDisk::new();
    let store = open(&disk).await;
    store.put(&key("apple"), "green").await.unwrap();
    let before = dump(&store).await;
    let refused = store
        .write(|write| {
            write.put(&key("pear"), b"green".to_vec())?;
            write.put(&key("plum"), vec![0; store::MAX_VALUE + 1])
        })
        .await;
    check::snapshot!("refused", format!("{}\n\n{}", refused.unwrap_err(), dump(&store).await));
    assert_eq!(before, dump(&store).await, "the database before and after the refused write");
}

#[tokio::test]
async fn ex_1_5_what_was_acknowledged_is_in_leveldb_after_a_restart() {
    check::promise("What was acknowledged is on the disk: another store on the same directory finds it.");
    let directory = tempfile::tempdir().unwrap();
    for round in 1..=2 {
        let engine = Engine::leveldb(directory.path()).await.unwrap();
        let store = Store::open(engine.clone(), crate::support::identity(), Vec::new()).await.unwrap();
        store.put(&key("apple"), format!("round {round}")).await.unwrap();
        store.put(&key("pear"), format!("round {round}")).await.unwrap();
        store.delete(&key("pear")).await.unwrap();
        engine.close().await.unwrap();
    }
    let engine = Engine::leveldb(directory.path()).await.unwrap();
    check::snapshot!("restarted", crate::support::dump_of(&engine).await);
    engine.close().await.unwrap();
}
