//! What the tests share: stores on a disk in memory, and ways to show what is in them.
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;

use engine::{Engine, MemoryDisk};
use store::{Content, Dump, Error, Hold, Identity, Joined, Key, Object, ReplicaId, Scan, Store, Version};

pub fn identity() -> Identity {
    Identity { replica: ReplicaId(1), region: "us".into(), owner: "ann".into() }
}

pub async fn open(disk: &MemoryDisk) -> Store {
    Store::open(Engine::memory(disk), identity(), Vec::new()).await.unwrap()
}

pub fn key(name: &str) -> Key {
    Key::new("fruit", name).unwrap()
}

pub fn version(counter: u64, replica: u64) -> Version {
    Version { counter, replica: ReplicaId(replica) }
}

pub fn show(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string()
}

/// All records of a store.
pub async fn dump(store: &Store) -> String {
    dump_of(store.engine()).await
}

pub async fn dump_of(engine: &Engine) -> String {
    Dump::of(engine).await.unwrap().to_string()
}

/// Five live objects and three tombstones, with neighbours in other namespaces.
pub async fn fruit(store: &Store) {
    for name in ["apple", "banana", "fig", "kiwi", "peach", "pear", "plum", "zucchini"] {
        store.put(&key(name), name.to_uppercase()).await.unwrap();
    }
    for name in ["banana", "peach", "zucchini"] {
        store.delete(&key(name)).await.unwrap();
    }
    for namespace in ["fruis", "fruit2", "fruiu"] {
        store.put(&Key::new(namespace, "stranger").unwrap(), "x").await.unwrap();
    }
}

pub fn fruits() -> Scan {
    Scan { namespace: "fruit".into(), ..Scan::default() }
}

/// Follows the pages of a scan to the end, a line each.
pub async fn pages(store: &Store, mut scan: Scan) -> String {
    let mut story = String::new();
    for number in 1..=20 {
        let page = store.scan(scan.clone()).await.unwrap();
        let objects: Vec<_> = page
            .objects
            .iter()
            .map(|(key, object)| {
                format!("{}{}", show(key.key()), if object.is_tombstone() { "(gone)" } else { "" })
            })
            .collect();
        let next =
            page.next.as_deref().map_or("the last page".into(), |next| format!("next after {}", show(next)));
        writeln!(story, "  page {number}: {}; {next}", objects.join(" ")).unwrap();
        if page.next.is_none() {
            return story;
        }
        scan.after = page.next;
    }
    story + "  and more than 20 pages\n"
}

/// The sizes of all pages of a scan, and the keys they hold.
pub async fn all_pages(store: &Store, mut scan: Scan) -> (Vec<usize>, Vec<Vec<u8>>) {
    let (mut sizes, mut keys) = (Vec::new(), Vec::new());
    loop {
        let page = store.scan(scan.clone()).await.unwrap();
        sizes.push(page.objects.len());
        keys.extend(page.objects.into_iter().map(|(key, _)| key.key().to_vec()));
        // More pages than objects: they do not end.
        if page.next.is_none() || sizes.len() > 1000 {
            return (sizes, keys);
        }
        scan.after = page.next;
    }
}

/// Lets the process die after so many commits of four writes; tells what was acknowledged, what
/// the disk holds, and what of the promise is broken.
pub async fn crash_after(commits: u64) -> (String, Vec<String>) {
    let disk = MemoryDisk::new();
    let store = open(&disk).await;
    disk.fail_after(commits);
    let acknowledged = write_until_dead(&store).await;
    drop(store);
    // What the dead process still had in hand is given its chance to run, and must not matter.
    tokio::task::yield_now().await;
    disk.heal();

    let on_disk = dump_of(&Engine::memory(&disk)).await;
    let mut faults = Vec::new();
    if acknowledged.len() < commits as usize {
        faults.push(format!("{commits} commits hold {} writes: one write takes several", acknowledged.len()));
    }
    let store = open(&disk).await;
    for (name, version) in &acknowledged {
        let found = store.get_with_tombstone(&key(name)).await.unwrap().map(|object| object.version);
        if found < Some(*version) {
            let found = found.map_or("nothing".into(), |found| found.to_string());
            faults.push(format!("{name} {version} was acknowledged, and the disk holds {found}"));
        }
    }
    let (kept, counted) = (store.counts().await.unwrap(), store.count(b"fruit", b"").await.unwrap());
    if kept != counted {
        faults.push(format!(
            "the counts say objects {}, tombstones {}; there are {} and {}",
            kept.objects, kept.tombstones, counted.objects, counted.tombstones
        ));
    }
    let latest = store.scan(Scan { limit: 100, tombstones: true, ..fruits() }).await.unwrap();
    let latest = latest.objects.iter().map(|(_, object)| object.version).max();
    let next = store.put(&key("next"), "").await.unwrap().version;
    if latest >= Some(next) {
        faults.push(format!("the next write gets version {next}: that is given twice"));
    }
    let acknowledged: Vec<_> =
        acknowledged.iter().map(|(name, version)| format!("{name} {version}")).collect();
    let acknowledged = if acknowledged.is_empty() { "nothing".into() } else { acknowledged.join(", ") };
    (format!("acknowledged: {acknowledged}\n{on_disk}next version: {next}\n"), faults)
}

async fn write_until_dead(store: &Store) -> Vec<(&'static str, Version)> {
    let mut acknowledged = Vec::new();
    let writes: [(&'static str, Option<&str>); 4] =
        [("apple", Some("green")), ("pear", Some("green")), ("apple", None), ("plum", Some("blue"))];
    for (name, value) in writes {
        let written: Result<_, Error> = match value {
            Some(value) => store.put(&key(name), value).await.map(Some),
            None => store.delete(&key(name)).await,
        };
        if let Ok(Some(object)) = written {
            acknowledged.push((name, object.version));
        }
    }
    acknowledged
}

/// A store that wrote three times, was opened again, heard of 9@2 while it was joining, and wrote once more.
pub async fn written() -> Store {
    let disk = MemoryDisk::new();
    for name in ["apple", "banana", "fig"] {
        open(&disk).await.put(&key(name), "1").await.unwrap();
    }
    let store = open(&disk).await;
    store.joins("somebody").await.unwrap();
    let heard = store.write(|write| {
        assert!(write.observe(version(9, 2)));
        Ok(())
    });
    heard.await.unwrap();
    store.joined(Joined::New).await.unwrap();
    store.put(&key("plum"), "1").await.unwrap();
    store
}

/// An object that another replica sent.
pub fn object(counter: u64, replica: u64, value: &str) -> Object {
    let version = version(counter, replica);
    let content = Content::Value(value.into());
    let vector = [version].into_iter().collect();
    Object { version, parent: None, vector, region: "us".into(), owner: "ann".into(), content }
}

pub fn went_back(store: &Store) -> String {
    match store.hold() {
        Some(Hold::WentBack(found)) => format!("it went back, {found}"),
        other => format!("{other:?}"),
    }
}

/// What a client gets.
pub async fn held(story: &mut String, when: &str, store: &Store) {
    let put = store.put(&key("pear"), "green").await.map(|object| object.version.to_string());
    let delete = store.delete(&key("quince")).await.map(|deleted| format!("{deleted:?}"));
    let get = store.get(&key("apple")).await.unwrap().map(|object| object.version.to_string());
    for (what, answer) in [("put", put), ("delete", delete)] {
        writeln!(story, "{when}, {what}: {}", answer.unwrap_or_else(|error| error.to_string())).unwrap();
    }
    writeln!(story, "{when}, get: {}", get.unwrap()).unwrap();
}
