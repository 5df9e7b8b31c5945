//! Records that cannot be read.

use std::fmt::Write as _;

use store::{ReplicaId, Store};

use crate::support::{Node, key, object};

/// Puts bytes under a record that no program of ours would put there.
async fn damage(store: &Store, record: &[u8]) {
    let record = record.to_vec();
    let damage = store.engine().update(move |txn| {
        txn.put(record, [0xff, 1]);
        Ok::<_, engine::Error>(())
    });
    damage.await.unwrap();
}

#[tokio::test]
async fn ex_4_5_a_damaged_record_holds_up_nothing() {
    check::promise(
        "With any of its records damaged a replica takes in what comes, tells of it once, and begins the record anew.",
    );
    let mut story = String::new();
    for record in ["mknowledge", "mlatest", "mleft-behind", "mwent-back", "mstomps", "ms:\0\0\0\0\0\0\0\0"] {
        let node = Node::open(3).await;
        node.apply("apple", &object("1@1", "x")).await;
        node.apply("apple", &object("2@2", "y")).await;
        node.learn(1, 5).await;
        damage(&node.store, record.as_bytes()).await;
        let stomps = node.merge.stomps(&node.store, 9).await.unwrap().len();
        let (known, refused) =
            (node.knowledge().await, node.merge.check(&node.store, ReplicaId(1)).await.is_err());
        writeln!(
            story,
            "{}\n  meanwhile: {stomps} lost writes, knows {known}, refused: {refused}",
            record.escape_debug()
        )
        .unwrap();
        let applied = node.apply("fig", &object("1@1", "x")).await;
        let lost = node.apply("apple", &object("1@4", "z")).await;
        node.merge.collect(&node.store, &[ReplicaId(1)]).await.unwrap();
        node.learn(2, 7).await;
        node.merge.refuse(&node.store, [ReplicaId(9)].into()).await.unwrap();
        let stomps = node.merge.stomps(&node.store, 9).await.unwrap().len();
        writeln!(
            story,
            "  taken in: {}, {}; then {stomps} lost writes, knows {}, found {}",
            applied.name(),
            lost.name(),
            node.knowledge().await,
            node.store.damaged()
        )
        .unwrap();
    }
    check::snapshot!("records", story);
}

#[tokio::test]
async fn ex_4_5_a_damaged_object_is_no_echo() {
    check::promise(
        "What comes in for a damaged object is taken, though it was known before: it was not deleted, it was lost.",
    );
    let node = Node::open(3).await;
    node.apply("apple", &object("4@1", "x")).await;
    node.apply("plum", &object("5@1", "x")).await;
    node.learn(1, 5).await;
    damage(&node.store, &key("apple").encode()).await;
    let mut story = String::new();
    for (name, theirs) in
        [("apple", object("4@1", "x")), ("apple", object("4@1", "x")), ("fig", object("3@1", "x"))]
    {
        writeln!(story, "{name} {}: {}", theirs.version, node.apply(name, &theirs).await.name()).unwrap();
    }
    let (counts, counted) =
        (node.store.counts().await.unwrap(), node.store.count(b"fruit", b"").await.unwrap());
    assert_eq!(counts, counted);
    check::snapshot!("no_echo", story);
}
