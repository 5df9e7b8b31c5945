//! What the tests share: replicas in memory, and ways to show what they hold.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub mod fake;
pub mod fleet;
pub mod logs;
pub mod messages;
pub mod played;

use std::fmt::Write as _;
use std::time::Duration;

use engine::{Engine, MemoryDisk};
use merge::{Merge, WallClock};
use replication::{Change, Log};
use store::{Content, Identity, Key, Object, ReplicaId, Store, Version, VersionVector};

/// How many changes the logs of the tests hold.
pub const MOST: u64 = 1000;

/// A replica without a network.
pub struct Replica {
    pub id: ReplicaId,
    pub disk: MemoryDisk,
    pub clock: WallClock,
    pub store: Store,
    pub log: Log,
    pub merge: Merge,
}

impl Replica {
    pub async fn new(id: u64) -> Self {
        Self::with_log(id, MOST).await
    }

    /// One whose log holds `most` changes.
    pub async fn with_log(id: u64, most: u64) -> Self {
        Self::open(id, most, MemoryDisk::new(), WallClock::stepped(Duration::from_secs(1_000_000))).await
    }

    /// A process on a disk.
    pub async fn on(id: u64, disk: MemoryDisk) -> Self {
        Self::open(id, MOST, disk, WallClock::stepped(Duration::from_secs(1_000_000))).await
    }

    async fn open(id: u64, most: u64, disk: MemoryDisk, clock: WallClock) -> Self {
        let id = ReplicaId(id);
        let log = Log::new(id, clock.clone(), most);
        let identity = Identity { replica: id, region: "us".into(), owner: "ann".into() };
        let layers: Vec<Box<dyn store::Layer>> = vec![Box::new(log.clone())];
        let store = Store::open(Engine::memory(&disk), identity, layers).await.unwrap();
        let merge = Merge::new(merge::Options::default(), clock.clone());
        Self { id, disk, clock, store, log, merge }
    }

    /// The process dies; another one opens its disk.
    pub async fn restart(self) -> Self {
        self.disk.heal();
        Self::open(self.id.0, MOST, self.disk, self.clock).await
    }

    pub async fn put(&self, name: &str, value: &str) -> Object {
        self.store.put(&key(name), value).await.unwrap()
    }

    pub async fn fill(&self, writes: usize) {
        for number in 0..writes {
            self.put(&format!("key-{number:03}"), "x").await;
        }
    }

    /// Takes in an object as if a peer had sent it.
    pub async fn take(&self, name: &str, object: Object) {
        let (merge, key) = (self.merge.clone(), key(name));
        self.store.write(move |write| merge.apply(write, &key, &object)).await.unwrap();
    }

    /// What it knows of a peer's writes.
    pub async fn knows(&self, peer: u64) -> u64 {
        self.merge.knowledge(&self.store).await.unwrap().get(ReplicaId(peer))
    }

    /// It has all writes of a peer up to `counter`, as after a pass of anti-entropy.
    pub async fn learns(&self, peer: u64, counter: u64) {
        let merge = self.merge.clone();
        self.store.write(move |write| merge.learn(write, ReplicaId(peer), counter)).await.unwrap();
    }

    /// The log, a line a change.
    pub async fn show_log(&self) -> String {
        let page = self.log.read(&self.store, 0, 1000).await.unwrap();
        let cut = self.log.was_cut(&self.store).await.unwrap();
        let mut text = format!("  cut at {} ({} changes)\n", cut.sequence, cut.ordinal);
        for change in page.changes {
            let behind = self.log.lag(&self.store, change.sequence - 1).await.unwrap();
            let Change { sequence, key, object } = change;
            let now = object.map_or("nothing".into(), |object| show_wire(&object));
            writeln!(
                text,
                "  {sequence:<3} {:8} now {now:14} who lacks it lags by {}",
                name(&key),
                behind.changes
            )
            .unwrap();
        }
        text
    }

    /// The objects, a line each.
    pub async fn show(&self) -> String {
        let scan =
            store::Scan { namespace: b"test".into(), limit: 1000, tombstones: true, ..Default::default() };
        let page = self.store.scan(scan).await.unwrap();
        page.objects
            .iter()
            .map(|(key, object)| format!("  {:8} {}\n", name(key), show_object(object)))
            .collect()
    }
}

/// A key of the namespace "test".
pub fn key(name: &str) -> Key {
    Key::new("test", name).unwrap()
}

pub fn name(key: &Key) -> String {
    key.key().escape_ascii().to_string()
}

/// An object that no store gave.
pub fn object((counter, replica): (u64, u64), value: &str) -> Object {
    let version = Version { counter, replica: ReplicaId(replica) };
    let vector = VersionVector::from_iter([version]);
    let content = Content::Value(value.into());
    Object { version, parent: None, vector, region: "eu".into(), owner: "bob".into(), content }
}

/// A deletion that no store gave.
pub fn tombstone(version: (u64, u64)) -> Object {
    Object { content: Content::Tombstone, ..object(version, "") }
}

pub fn show_object(object: &Object) -> String {
    let value = object.value().map(|value| format!("\"{}\"", value.escape_ascii()));
    format!("{} {}", object.version, value.unwrap_or("deleted".into()))
}

fn show_wire(object: &proto::object::v1::Object) -> String {
    use prost::Message;
    show_object(&Object::decode(&object.encode_to_vec()).unwrap())
}

pub fn show_status(status: &tonic::Status) -> String {
    format!("{:?}: {}", status.code(), status.message())
}

/// How many tasks of this test have not ended.
pub fn tasks() -> usize {
    tokio::runtime::Handle::current().metrics().num_alive_tasks()
}

/// Gives all tasks time to do what they can. Tests run in virtual time, so it costs none.
pub async fn settle() {
    tokio::time::sleep(Duration::from_secs(1)).await;
}
