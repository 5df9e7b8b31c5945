//! What chapter 01 promises. `cargo workshop check 01` runs these tests on your code.

mod support;

use std::fmt::Write as _;

use engine::{Engine, MemoryDisk};
use store::{Content, Key, Object, ReplicaId, Scan, Store, Version};
use support::{dump, key, open, show};

/// Namespaces and keys that a careless encoding mixes up.
const NASTY: [(&[u8], &[u8]); 12] = [
    (b"", b"a"),
    (b"a", b"bc"),
    (b"ab", b"c"),
    (b"a", b"/c"),
    (b"a/", b"c"),
    (b"a", b"\0b"),
    (b"a\0", b"b"),
    (b"\0", b"\0"),
    (b"\x01", b"a"),
    (b"\xff", b"\xff"),
    (b"\xff\xff", b"a"),
    (b"a", b"\x01a"),
];

#[test]
fn ex_1_1_a_key_is_read_back_as_it_was_written() {
    check::promise(
        "A record's key holds the namespace and the key, whatever bytes they are, and gives both back.",
    );
    let mut table = String::from("NAMESPACE  KEY      RECORD\n");
    for (namespace, key) in NASTY {
        let key = Key::new(namespace, key).unwrap();
        let record = key.encode();
        assert_eq!(Key::decode(&record), Ok(key.clone()), "the record {} read back", show(&record));
        let (namespace, key) = (show(key.namespace()), show(key.key()));
        writeln!(table, "{namespace:9}  {key:7}  {}", show(&record)).unwrap();
    }
    check::snapshot!("keys_on_disk", table);

    let longest = Key::new(vec![b'n'; store::MAX_NAMESPACE], vec![b'k'; store::MAX_KEY]).unwrap();
    assert_eq!(Key::decode(&longest.encode()), Ok(longest), "the longest namespace and key read back");
}

#[test]
fn ex_1_1_namespaces_do_not_leak_into_one_another() {
    check::promise(
        "The records of one namespace stand together, in the order of their keys, with no other's between.",
    );
    let mut records: Vec<_> = NASTY.iter().map(|(n, k)| Key::new(*n, *k).unwrap()).collect();
    for letter in [b"a".as_slice(), b"aa", b"ab", b"b", b"ba"] {
        records.push(Key::new("order", letter).unwrap());
    }
    records.sort_by_key(Key::encode);
    for namespace in NASTY.map(|(namespace, _)| namespace).into_iter().chain([b"order".as_slice()]) {
        let of_namespace = |key: &Key| key.namespace() == namespace;
        let first = records.iter().position(of_namespace).unwrap();
        let last = records.iter().rposition(of_namespace).unwrap();
        let between = &records[first..=last];
        if let Some(stranger) = between.iter().find(|key| !of_namespace(key)) {
            panic!("among the records of namespace \"{}\" stands {stranger}", show(namespace));
        }
        assert!(between.is_sorted(), "the keys of namespace \"{}\" are out of order", show(namespace));
    }
    let mut short = Key::new("order", "a").unwrap().encode();
    short.truncate(3);
    assert!(Key::decode(&short).is_err(), "\"{}\" is no key of an object, yet it was decoded", show(&short));
}

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
    let theirs = Version { counter: 41, replica: ReplicaId(2) };
    let object = Object {
        version: theirs,
        parent: None,
        vector: [theirs].into_iter().collect(),
        region: "germany".into(),
        owner: "bea".into(),
        content: Content::Value("from replica 2".into()),
    };
    store.write(move |write| write.store(&key("apple"), None, &object)).await.unwrap();
    let ours = store.put(&key("apple"), "from replica 1").await.unwrap();
    check::snapshot!("after_another_replica", dump(&store).await);
    assert!(ours.version > theirs, "{} is not later than {theirs}", ours.version);
    assert!(ours.vector.contains(theirs), "the vector {} does not contain {theirs}", ours.vector);
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
    for name in ["apple", "apple", "plum"] {
        let tombstone = store.delete(&key(name)).await.unwrap();
        let answer = tombstone.map_or("nothing to delete".into(), |t| format!("tombstone {}", t.version));
        let value = store.get(&key(name)).await.unwrap();
        writeln!(story, "delete {name}: {answer}; get: {}", value.map_or("none", |_| "a value")).unwrap();
    }
    let empty = store.get(&key("pear")).await.unwrap();
    writeln!(story, "get pear: {}\n", if empty.is_some() { "an empty value" } else { "none" }).unwrap();
    check::snapshot!("tombstone", story + &dump(&store).await);
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

#[tokio::test]
async fn ex_1_4_pages_hold_what_is_there_in_order() {
    check::promise(
        "Page after page gives each object once, in the order of the keys, and the last page says that it is the last.",
    );
    let disk = MemoryDisk::new();
    let store = open(&disk).await;
    support::fruit(&store).await;
    let mut story = String::new();
    let scans =
        [("", 2, false), ("", 3, false), ("", 5, false), ("", 2, true), ("p", 1, false), ("x", 2, false)];
    for (prefix, limit, tombstones) in scans {
        let which = if tombstones { "all" } else { "live" };
        writeln!(story, "prefix \"{prefix}\", {which}, {limit} a page").unwrap();
        story +=
            &support::pages(&store, Scan { prefix: prefix.into(), limit, tombstones, ..support::fruits() })
                .await;
    }
    check::snapshot!("pages", story);
}

#[tokio::test]
async fn ex_1_4_a_long_row_of_tombstones_hides_nothing() {
    check::promise("However many tombstones stand before an object, the page that should hold it holds it.");
    let disk = MemoryDisk::new();
    let store = open(&disk).await;
    store
        .write(|write| {
            for number in 0..400 {
                let key = Key::new("fruit", format!("gone-{number:03}"))?;
                write.put(&key, Vec::new())?;
                write.delete(&key)?;
            }
            write.put(&Key::new("fruit", "last")?, b"here".to_vec()).map(drop)
        })
        .await
        .unwrap();
    check::snapshot!("past_tombstones", support::pages(&store, Scan { limit: 2, ..support::fruits() }).await);
}

#[tokio::test]
async fn ex_1_4_a_page_of_large_values_ends_early() {
    check::promise(
        "A page holds about a mebibyte of values at the most, and the next goes on where it ended.",
    );
    let disk = MemoryDisk::new();
    let store = open(&disk).await;
    for number in 0..5 {
        store.put(&key(&format!("large-{number}")), vec![b'x'; 600_000]).await.unwrap();
    }
    check::snapshot!("large_values", support::pages(&store, Scan { limit: 10, ..support::fruits() }).await);
}

#[tokio::test]
async fn ex_1_5_a_crash_leaves_a_whole_write_or_none() {
    check::promise(
        "After a crash at any moment, every acknowledged write is there, counted, and no version is given twice.",
    );
    let mut story = String::new();
    let mut torn = Vec::new();
    for commits in 0..=4 {
        let (text, faults) = support::crash_after(commits).await;
        writeln!(story, "the process dies after commit {commits}\n{text}").unwrap();
        torn.extend(faults.into_iter().map(|fault| format!("dies after commit {commits}: {fault}")));
    }
    assert!(torn.is_empty(), "{}", torn.join("\n"));
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
        let store = Store::open(engine.clone(), support::identity(), Vec::new()).await.unwrap();
        store.put(&key("apple"), format!("round {round}")).await.unwrap();
        store.put(&key("pear"), format!("round {round}")).await.unwrap();
        store.delete(&key("pear")).await.unwrap();
        engine.close().await.unwrap();
    }
    let engine = Engine::leveldb(directory.path()).await.unwrap();
    check::snapshot!("restarted", support::dump_of(&engine).await);
    engine.close().await.unwrap();
}

#[tokio::test]
async fn bad_input_is_refused_with_what_to_do() {
    check::promise("Input that the store cannot keep is refused with a message that says what to do.");
    let disk = MemoryDisk::new();
    let store = open(&disk).await;
    let scan = Scan { limit: 0, ..support::fruits() };
    let stranger = store::Identity { replica: ReplicaId(2), ..support::identity() };
    let errors = [
        Key::new("fruit", "").unwrap_err(),
        Key::new("fruit", vec![b'k'; 4097]).unwrap_err(),
        Key::new(vec![b'n'; 256], "apple").unwrap_err(),
        store.put(&key("apple"), vec![0; (1 << 20) + 1]).await.unwrap_err(),
        store.scan(scan).await.unwrap_err(),
        Store::open(Engine::memory(&disk), stranger, Vec::new()).await.map(drop).unwrap_err(),
    ];
    check::snapshot!("bad_input", errors.map(|error| error.to_string()).join("\n"));
}
