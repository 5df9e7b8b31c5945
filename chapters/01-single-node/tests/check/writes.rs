//! 1.2 and 1.3: versions and tombstones.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fmt::Write as _;

use engine::MemoryDisk;
use store::{Content, Object};

use crate::support::{dump, key, object, open};

#[tokio::test]
async fn ex_1_2_each_write_has_a_later_version() {
    check::promise(
        "Every write has a version later than any that this replica wrote, on any key, over restarts too.",
    );
    let disk = MemoryDisk::new();
    let store = open(&disk).await;
    let mut versions = Vec::new();
    for (name, value) in [("apple", "green"), ("pear", "green"), ("apple", "red"), ("apple", "red")] {
        versions.push(store.put(&key(name), value).await.unwrap().version);
    }
    drop(store);
    let store = open(&disk).await;
    versions.push(store.put(&key("plum"), "blue").await.unwrap().version);
    check::snapshot!("versions", dump(&store).await);
    assert!(versions.is_sorted_by(|a, b| a < b), "the versions in the order of the writes: {versions:?}");
}

#[tokio::test]
async fn ex_1_2_a_write_is_later_than_what_came_from_another_replica() {
    check::promise(
        "A write that replaces another replica's object is later than it, and says that it knew of it.",
    );
    let disk = MemoryDisk::new();
    let store = open(&disk).await;
    let (theirs, older) = (crate::support::version(41, 2), crate::support::version(7, 3));
    // Replica 2 wrote both, and knew of a write of replica 3.
    for (name, content) in [("apple", Content::Value("from replica 2".into())), ("pear", Content::Tombstone)]
    {
        let object = Object {
            version: theirs,
            parent: None,
            vector: [older, theirs].into_iter().collect(),
            region: "germany".into(),
            owner: "bea".into(),
            content,
        };
        store
            .write(move |write| {
                assert!(write.observe(object.version), "41 is believed");
                write.store(&key(name), None, &object)
            })
            .await
            .unwrap();
    }
    for name in ["apple", "pear"] {
        store.put(&key(name), "from replica 1").await.unwrap();
    }
    check::snapshot!("after_another_replica", dump(&store).await);
}

#[tokio::test]
async fn ex_1_3_a_deleted_object_leaves_a_tombstone() {
    check::promise(
        "A deletion is a write with a version; nobody sees the value again, and nobody forgets the deletion.",
    );
    let disk = MemoryDisk::new();
    let store = open(&disk).await;
    let mut story = String::new();
    store.put(&key("apple"), "green").await.unwrap();
    store.put(&key("pear"), "").await.unwrap();
    store.put(&key("fig"), "").await.unwrap();
    for name in ["apple", "apple", "plum"] {
        let tombstone = store.delete(&key(name)).await.unwrap();
        let answer = match tombstone {
            Some(object) if object.is_tombstone() => format!("tombstone {}", object.version),
            Some(object) => format!("a value, version {}", object.version),
            None => "nothing to delete".into(),
        };
        let value = store.get(&key(name)).await.unwrap();
        writeln!(story, "delete {name}: {answer}; get: {}", value.map_or("none", |_| "a value")).unwrap();
    }
    let empty = store.get(&key("pear")).await.unwrap();
    writeln!(story, "get pear: {}", if empty.is_some() { "an empty value" } else { "none" }).unwrap();
    let emptied = store.delete(&key("fig")).await.unwrap();
    writeln!(story, "delete fig, an empty value: {}\n", emptied.map_or("nothing to delete", |_| "done"))
        .unwrap();
    check::snapshot!("tombstone", story + &dump(&store).await);
}

#[tokio::test]
async fn ex_1_3_whoever_wrote_it() {
    check::promise(
        "What another replica wrote is deleted like what this one wrote, be it in the same write.",
    );
    let disk = MemoryDisk::new();
    let store = open(&disk).await;
    let theirs = object(41, 2, "from replica 2");
    let deleted = store.write(move |write| {
        assert!(write.observe(theirs.version), "41 is believed");
        write.store(&key("apple"), None, &theirs)?;
        write.put(&key("pear"), "green".into())?;
        Ok((write.delete(&key("pear"))?.is_some(), write.delete(&key("pear"))?.is_some()))
    });
    let (first, second) = deleted.await.unwrap();
    let apple = store.delete(&key("apple")).await.unwrap().is_some();
    let answer = |deleted| if deleted { "done" } else { "nothing to delete" };
    let mut story = String::new();
    writeln!(
        story,
        "put pear, delete pear, delete pear, in one write: {}, {}",
        answer(first),
        answer(second)
    )
    .unwrap();
    writeln!(story, "delete apple, of replica 2: {}\n", answer(apple)).unwrap();
    check::snapshot!("whoever_wrote_it", story + &dump(&store).await);
}

#[tokio::test]
async fn ex_1_3_a_key_can_be_used_again_after_its_deletion() {
    check::promise("A put after a deletion replaces the tombstone and knows of it.");
    let disk = MemoryDisk::new();
    let store = open(&disk).await;
    store.put(&key("apple"), "green").await.unwrap();
    store.delete(&key("apple")).await.unwrap();
    store.put(&key("apple"), "red").await.unwrap();
    check::snapshot!("used_again", dump(&store).await);
}
