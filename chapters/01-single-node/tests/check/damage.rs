//! Records that hold what nobody can read.
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;

use engine::MemoryDisk;
use store::{Key, Scan, Store};

use crate::support::{dump, fruits, key, open};

/// Puts bytes under a record that no program of ours would put there.
async fn damage(store: &Store, record: &[u8]) {
    let record = record.to_vec();
    let damage = store.engine().update(move |txn| {
        txn.put(record, [0xff, 1]);
        Ok::<_, engine::Error>(())
    });
    damage.await.unwrap();
}

/// Five objects and a tombstone, of which plum and fig are damaged.
async fn damaged_fruit(disk: &MemoryDisk) -> Store {
    let store = open(disk).await;
    for name in ["apple", "fig", "kiwi", "pear", "plum", "quince"] {
        store.put(&key(name), name.to_uppercase()).await.unwrap();
    }
    store.delete(&key("kiwi")).await.unwrap();
    for name in ["fig", "plum"] {
        damage(&store, &key(name).encode()).await;
    }
    store
}

/// Follows a scan to its end, whatever that is.
async fn scanned(store: &Store, mut scan: Scan) -> String {
    let mut names = Vec::new();
    loop {
        match store.scan(scan.clone()).await {
            Ok(page) => {
                names.extend(page.objects.iter().map(|(key, _)| key.key().escape_ascii().to_string()));
                match page.next {
                    Some(next) => scan.after = Some(next),
                    None => return names.join(" "),
                }
            }
            Err(error) => return format!("{}, and then {error}", names.join(" ")),
        }
    }
}

#[tokio::test]
async fn ex_1_5_a_damaged_object_hides_no_other() {
    check::promise(
        "An object that cannot be read is an error to who asks for it; a scan gives all others, and ends with the error. Who puts or \
         deletes the key has it anew.",
    );
    let disk = MemoryDisk::new();
    let store = damaged_fruit(&disk).await;
    let mut story = String::new();
    writeln!(story, "get fig: {}", store.get(&key("fig")).await.unwrap_err()).unwrap();
    for limit in [1, 2, 3, 100] {
        writeln!(story, "scan by {limit}: {}", scanned(&store, Scan { limit, ..fruits() }).await).unwrap();
    }
    let apples = Scan { prefix: b"a".into(), limit: 1, ..fruits() };
    writeln!(story, "scan a: {}", scanned(&store, apples).await).unwrap();
    writeln!(story, "count: {}", store.count(b"fruit", b"").await.unwrap_err()).unwrap();
    let heads = store.heads(None, 2).await.unwrap();
    let heads: Vec<_> = heads.iter().map(|(key, _)| key.to_string()).collect();
    writeln!(story, "the first heads: {}", heads.join(", ")).unwrap();
    let last = store.heads(Some(&key("pear")), 1).await.unwrap();
    writeln!(story, "the one after pear: {}", last.first().unwrap().0).unwrap();
    writeln!(story, "found: {}\n\n{}", store.damaged(), dump(&store).await).unwrap();
    store.put(&key("fig"), "anew").await.unwrap();
    let deleted = store.delete(&key("plum")).await.unwrap();
    writeln!(story, "fig is put, and plum is deleted: {}", deleted.unwrap().version).unwrap();
    writeln!(story, "scan: {}", scanned(&store, Scan { limit: 2, ..fruits() }).await).unwrap();
    assert_eq!(store.counts().await.unwrap(), store.count(b"fruit", b"").await.unwrap());
    check::snapshot!("damaged_objects", story);
}

#[tokio::test]
async fn ex_1_5_a_damaged_record_of_the_store_ends_nothing() {
    check::promise(
        "The store opens with each of its own records damaged: what follows from the objects is made anew, and a replica that does not \
         know its clock gives no number again.",
    );
    let mut story = String::new();
    for name in ["counts", "clock", "never", "heard", "went-back"] {
        let disk = MemoryDisk::new();
        let store = damaged_fruit(&disk).await;
        damage(&store, &[b"s", name.as_bytes()].concat()).await;
        drop(store);
        let store = open(&disk).await;
        let counts = store.counts().await.unwrap();
        let put = store.put(&key("lime"), "x").await.map(|object| object.version.to_string());
        writeln!(
            story,
            "{name}\n  {} objects, {} tombstones; found {}\n  put: {}",
            counts.objects,
            counts.tombstones,
            store.damaged(),
            put.unwrap_or_else(|error| error.to_string())
        )
        .unwrap();
    }
    for name in ["replica", "format"] {
        let disk = MemoryDisk::new();
        let store = damaged_fruit(&disk).await;
        damage(&store, &[b"s", name.as_bytes()].concat()).await;
        drop(store);
        let identity = crate::support::identity();
        let opened = Store::open(engine::Engine::memory(&disk), identity, Vec::new()).await;
        writeln!(story, "{name}\n  {}", opened.err().unwrap()).unwrap();
    }
    check::snapshot!("damaged_store", story);
}

#[tokio::test]
async fn ex_1_5_what_is_no_key_is_passed_over() {
    check::promise("A record among the objects that is none of them is told once, and hides nothing.");
    let store = open(&MemoryDisk::new()).await;
    store.put(&Key::new("a", "apple").unwrap(), "x").await.unwrap();
    damage(&store, b"o\x05ab").await;
    store.put(&Key::new("abcdef", "plum").unwrap(), "x").await.unwrap();
    let names: Vec<_> = store.heads(None, 1).await.unwrap();
    assert_eq!(names.len(), 1);
    let after = store.heads(Some(&names[0].0), 1).await.unwrap();
    assert_eq!(after[0].0, Key::new("abcdef", "plum").unwrap());
    assert!(store.heads(Some(&after[0].0), 1).await.unwrap().is_empty());
    assert_eq!(store.damaged(), 1);
    assert!(
        matches!(store.scan(Scan { limit: 1, ..Scan::default() }).await, Ok(page) if page.objects.is_empty())
    );
}
