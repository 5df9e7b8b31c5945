//! What chapter 01 promises. `cargo workshop check 01` runs these tests on your code.

mod damage;
mod rules;
mod support;

use std::fmt::Write as _;

use engine::{Engine, MemoryDisk};
use store::{Clock, Content, Joined, Key, MAX_AHEAD, Object, ReplicaId, Scan, Store};
use support::{dump, key, open, show, version};

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
        "A record's key gives namespace and key back, whatever bytes they are, and refuses what is none.",
    );
    let mut table = String::from("NAMESPACE  KEY      RECORD           READ BACK\n");
    for (namespace, key) in NASTY {
        let key = Key::new(namespace, key).unwrap();
        let record = key.encode();
        let back = match Key::decode(&record) {
            Ok(back) if back == key => "the same".into(),
            Ok(back) => format!("namespace {}, key {}", show(back.namespace()), show(back.key())),
            Err(_) => "no key of an object".into(),
        };
        let (namespace, key, record) = (show(key.namespace()), show(key.key()), show(&record));
        writeln!(table, "{namespace:9}  {key:7}  {record:15}  {back}").unwrap();
    }
    table += "\nRECORDS OF ANOTHER KIND, OR DAMAGED\n";
    for record in [b"".as_slice(), b"o", b"o\x05ord", b"o\x05order", b"s\x01ak", b"\x01ak"] {
        let back = Key::decode(record).map_or("refused".into(), |key| format!("read as {key}"));
        writeln!(table, "{:15}  {back}", show(record)).unwrap();
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
    let (theirs, older) = (support::version(41, 2), support::version(7, 3));
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
async fn ex_1_4_no_page_size_loses_an_object() {
    check::promise("Whatever the size of the pages, together they hold every object, once, in order.");
    let disk = MemoryDisk::new();
    let store = open(&disk).await;
    let names: Vec<_> = (0..400).map(|number| format!("{number:03}").into_bytes()).collect();
    let keys = names.clone();
    store
        .write(move |write| {
            keys.iter()
                .try_for_each(|name| write.put(&Key::new("fruit", name.clone())?, b"x".to_vec()).map(drop))
        })
        .await
        .unwrap();
    let mut story = String::new();
    for limit in [7, 63, 64, 65, 127, 128, 129, 200, 255, 256, 257, 399, 400, 401] {
        let (sizes, found) = support::all_pages(&store, Scan { limit, ..support::fruits() }).await;
        let whole = if found == names { "every object" } else { "NOT every object once and in order" };
        let (pages, last) = (sizes.len(), sizes.last().unwrap());
        writeln!(story, "{limit:3} a page: {pages:3} pages, the last of {last:3}; {whole}").unwrap();
    }
    check::snapshot!("page_sizes", story);
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
    for commits in 0..=4 {
        let (text, faults) = support::crash_after(commits).await;
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
async fn ex_1_5_a_held_replica_gives_no_versions() {
    check::promise(
        "A replica that is joining, or went back in time, takes no writes; what others wrote is stored, reads go on.",
    );
    let disk = MemoryDisk::new();
    let mut store = open(&disk).await;
    let mut story = String::new();
    store.put(&key("apple"), "green").await.unwrap();
    store.joins("http://de-2:4400 does not answer").await.unwrap();
    let theirs = support::object(7, 2, "blue");
    store.write(move |write| write.store(&key("plum"), None, &theirs)).await.unwrap();
    support::held(&mut story, "joining", &store).await;
    store.joined(Joined::New).await.unwrap();
    support::held(&mut story, "joined", &store).await;
    store.went_back("replica 2 knows it".into()).await.unwrap();
    support::held(&mut story, "went back", &store).await;
    store.joins("http://de-2:4400 does not answer").await.unwrap();
    store.joined(Joined::New).await.unwrap();
    support::held(&mut story, "joined again", &store).await;
    store = open(&disk).await;
    support::held(&mut story, "restarted", &store).await;
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
        let store = support::written().await;
        store.others_know(ReplicaId(2), counter).await.unwrap();
        writeln!(story, "replica 2 knows its writes up to {counter}: {}", support::went_back(&store))
            .unwrap();
    }
    let vector = Object {
        vector: [version(12, 2), version(5, 1)].into_iter().collect(),
        ..support::object(12, 2, "x")
    };
    let objects = [
        ("apple", support::object(1, 1, "1")),
        ("apple", support::object(1, 1, "2")),
        ("apple", support::object(2, 1, "2")),
        ("quince", support::object(3, 1, "3")),
        ("quince", support::object(5, 1, "3")),
        ("quince", support::object(11, 1, "3")),
        ("quince", support::object(12, 2, "x")),
        ("quince", vector),
    ];
    for (name, theirs) in objects {
        let store = support::written().await;
        let line = format!("{name} {} with {}", theirs.version, theirs.vector);
        // The clock moves on first, as it does where many objects come together.
        let check = store.write(move |write| {
            assert!(write.observe(version(30, 2)));
            write.check_own(&key(name), &theirs)
        });
        check.await.unwrap();
        writeln!(story, "{line}: {}", support::went_back(&store)).unwrap();
    }
    check::snapshot!("others_know", story);
}

#[tokio::test]
async fn bad_input_is_refused_with_what_to_do() {
    check::promise("Input that the store cannot keep is refused with a message that says what to do.");
    let disk = MemoryDisk::new();
    let store = open(&disk).await;
    let scan = Scan { limit: 0, ..support::fruits() };
    let stranger = store::Identity { replica: ReplicaId(2), ..support::identity() };
    let region = store::Identity { region: "r".repeat(256), ..support::identity() };
    let errors = [
        Key::new("fruit", "").unwrap_err(),
        Key::new("fruit", vec![b'k'; 4097]).unwrap_err(),
        Key::new(vec![b'n'; 256], "apple").unwrap_err(),
        store.put(&key("apple"), vec![0; (1 << 20) + 1]).await.unwrap_err(),
        store.scan(scan).await.unwrap_err(),
        Store::open(Engine::memory(&disk), stranger, Vec::new()).await.map(drop).unwrap_err(),
        Store::open(Engine::memory(&disk), region, Vec::new()).await.map(drop).unwrap_err(),
    ];
    check::snapshot!("bad_input", errors.map(|error| error.to_string()).join("\n"));
}
