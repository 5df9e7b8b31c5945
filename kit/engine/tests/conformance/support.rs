//! Engines to test, small enough that tables are built and merged all the time.

use std::collections::BTreeMap;
use std::path::Path;

use engine::{Engine, Error, LevelDbOptions, MemoryDisk, Row};
use tempfile::TempDir;

/// Runs each test against each engine. The fixture comes new and empty.
macro_rules! on_every_engine {
    ($($test:ident),+ $(,)?) => {
        mod memory { $(#[tokio::test] async fn $test() { super::$test($crate::support::Fixture::memory()).await })+ }
        $crate::support::on_every_disk!($($test),+);
    };
}

/// Runs each test against each engine that has a directory and a thread.
macro_rules! on_every_disk {
    ($($test:ident),+ $(,)?) => {
        mod leveldb { $(#[tokio::test] async fn $test() { super::$test($crate::support::Fixture::leveldb()).await })+ }
        #[cfg(feature = "fjall")]
        mod fjall { $(#[tokio::test] async fn $test() { super::$test($crate::support::Fixture::fjall()).await })+ }
    };
}

pub(crate) use {on_every_disk, on_every_engine};

#[derive(Clone, Copy)]
enum Kind {
    Memory,
    LevelDb,
    #[cfg(feature = "fjall")]
    Fjall,
}

/// What outlives an engine.
pub struct Fixture {
    kind: Kind,
    pub dir: TempDir,
    disk: MemoryDisk,
}

impl Fixture {
    fn new(kind: Kind) -> Self {
        Self { kind, dir: tempfile::tempdir().unwrap(), disk: MemoryDisk::new() }
    }

    pub fn memory() -> Self {
        Self::new(Kind::Memory)
    }

    pub fn leveldb() -> Self {
        Self::new(Kind::LevelDb)
    }

    #[cfg(feature = "fjall")]
    pub fn fjall() -> Self {
        Self::new(Kind::Fjall)
    }

    /// What `open_named` calls this kind.
    pub fn name(&self) -> &'static str {
        match self.kind {
            Kind::Memory => "memory",
            Kind::LevelDb => "leveldb",
            #[cfg(feature = "fjall")]
            Kind::Fjall => "fjall",
        }
    }

    pub async fn try_open(&self) -> Result<Engine, Error> {
        self.open_in(self.dir.path()).await
    }

    /// Opens an engine of the same kind in another directory.
    pub async fn open_in(&self, dir: &Path) -> Result<Engine, Error> {
        match self.kind {
            Kind::Memory => Ok(Engine::memory(&self.disk)),
            Kind::LevelDb => Engine::leveldb_with(dir, small()).await,
            #[cfg(feature = "fjall")]
            Kind::Fjall => Engine::fjall(dir).await,
        }
    }

    /// Opens with the sizes of a store, where speed matters.
    pub async fn open_usual(&self) -> Engine {
        match self.kind {
            Kind::LevelDb => Engine::leveldb(self.dir.path()).await.unwrap(),
            _ => self.open().await,
        }
    }

    pub async fn open(&self) -> Engine {
        self.try_open().await.unwrap()
    }
}

/// Opens the engine that the test who started this process named in the environment.
pub async fn open_named(dir: &Path) -> Engine {
    match std::env::var("ATOLL_WRITER_ENGINE").as_deref() {
        #[cfg(feature = "fjall")]
        Ok("fjall") => Engine::fjall(dir).await.unwrap(),
        _ => Engine::leveldb_with(dir, small()).await.unwrap(),
    }
}

pub fn small() -> LevelDbOptions {
    LevelDbOptions { write_buffer: 16 << 10, table: 8 << 10, space: None }
}

/// How often to repeat what is repeated.
pub fn rounds(usual: u64) -> u64 {
    usual * std::env::var("ATOLL_SOAK").ok().and_then(|times| times.parse::<u64>().ok()).unwrap_or(1)
}

pub async fn put(engine: &Engine, key: impl Into<Vec<u8>>, value: impl Into<Vec<u8>>) -> Result<(), Error> {
    let (key, value) = (key.into(), value.into());
    engine
        .update(move |tx| {
            tx.put(key, value);
            Ok(())
        })
        .await
}

pub async fn get(engine: &Engine, key: impl Into<Vec<u8>>) -> Result<Option<Vec<u8>>, Error> {
    let key = key.into();
    engine.read(move |reader| reader.get(&key)).await
}

/// All rows, by scans of a few at a time.
pub async fn all(engine: &Engine) -> Result<BTreeMap<Vec<u8>, Vec<u8>>, Error> {
    let mut rows = BTreeMap::new();
    loop {
        let after = rows.keys().next_back().cloned();
        let more: Vec<Row> = engine.read(move |reader| reader.scan(b"", after.as_deref(), 500)).await?;
        if more.is_empty() {
            return Ok(rows);
        }
        let before = rows.len();
        rows.extend(more);
        assert!(rows.len() > before, "a scan gives the rows after a key, without that key");
    }
}

/// A small generator of numbers that look random: xorshift64*.
pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % bound
    }
}
