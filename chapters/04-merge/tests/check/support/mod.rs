//! What the tests share: replicas in memory, objects by hand, and ways to show what became of them.

pub mod logs;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use engine::{Engine, MemoryDisk, Transaction};
use merge::{Applied, Knowledge, Merge, Options, WallClock};
use store::{Content, Error, Identity, Key, Layer, Object, ReplicaId, Store, Version};

/// A replica in memory.
pub struct Node {
    pub store: Store,
    pub merge: Merge,
    pub clock: WallClock,
    changes: Changes,
}

/// Counts what was stored, as the layers above see it.
#[derive(Clone, Default)]
struct Changes(Arc<AtomicUsize>);

impl Layer for Changes {
    fn changed(
        &self,
        _: &mut Transaction<'_>,
        _: &Key,
        _: Option<&Object>,
        _: Option<&Object>,
    ) -> Result<(), Error> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

impl Node {
    pub async fn open(replica: u64) -> Self {
        Self::with(replica, Options { settle: Duration::ZERO, ..Options::default() }).await
    }

    pub async fn with(replica: u64, options: Options) -> Self {
        Self::on(MemoryDisk::new(), replica, options).await.unwrap()
    }

    pub async fn on(disk: MemoryDisk, replica: u64, options: Options) -> Result<Self, Error> {
        let changes = Changes::default();
        let identity = Identity { replica: ReplicaId(replica), region: "us".into(), owner: "ann".into() };
        let store = Store::open(Engine::memory(&disk), identity, vec![Box::new(changes.clone())]).await?;
        let clock = WallClock::stepped(Duration::from_secs(1_700_000_000));
        Ok(Self { store, merge: Merge::new(options, clock.clone()), clock, changes })
    }

    pub fn id(&self) -> ReplicaId {
        self.store.identity().replica
    }

    pub async fn apply(&self, name: &str, theirs: &Object) -> Applied {
        let (merge, key, theirs) = (self.merge.clone(), key(name), theirs.clone());
        self.store.write(move |write| merge.apply(write, &key, &theirs)).await.unwrap()
    }

    /// What became of it, and whether it was stored.
    pub async fn applied(&self, name: &str, theirs: &Object) -> String {
        let before = self.changes.0.load(Ordering::Relaxed);
        let applied = self.apply(name, theirs).await.name();
        let stored = match self.changes.0.load(Ordering::Relaxed) - before {
            0 => "not stored".into(),
            1 => "stored".into(),
            times => format!("stored {times} times"),
        };
        format!("{applied}, {stored}")
    }

    pub async fn learn(&self, replica: u64, counter: u64) {
        let merge = self.merge.clone();
        self.store.write(move |write| merge.learn(write, ReplicaId(replica), counter)).await.unwrap();
    }

    pub async fn knowledge(&self) -> Knowledge {
        self.merge.knowledge(&self.store).await.unwrap()
    }

    pub async fn held(&self, name: &str) -> Option<Object> {
        self.store.get_with_tombstone(&key(name)).await.unwrap()
    }

    /// What the key holds, in a few words.
    pub async fn holds(&self, name: &str) -> String {
        self.held(name).await.map_or("nothing".into(), |object| show(&object))
    }
}

pub fn key(name: &str) -> Key {
    Key::new("fruit", name).unwrap()
}

/// `3@1`, as it is written everywhere.
pub fn version(text: &str) -> Version {
    let (counter, replica) = text.split_once('@').unwrap();
    Version { counter: counter.parse().unwrap(), replica: ReplicaId(replica.parse().unwrap()) }
}

/// An object with the version that stands last in its vector: `1@1,3@2`. An empty value is a tombstone.
pub fn object(vector: &str, value: &str) -> Object {
    let versions: Vec<_> = vector.split(',').map(version).collect();
    let content = if value.is_empty() { Content::Tombstone } else { Content::Value(value.into()) };
    Object {
        version: *versions.last().unwrap(),
        parent: versions.iter().rev().nth(1).copied(),
        vector: versions.into_iter().collect(),
        region: "us".into(),
        owner: "ann".into(),
        content,
    }
}

pub fn show(object: &Object) -> String {
    let content = object.value().map_or("tombstone".into(), |value| value.escape_ascii().to_string());
    format!("{} {content}", object.version)
}

pub fn knowledge(text: &str) -> Knowledge {
    text.split(',').filter(|entry| !entry.is_empty()).map(version).collect()
}
