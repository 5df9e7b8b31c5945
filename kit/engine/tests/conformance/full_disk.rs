//! The disk of a LevelDB engine fills up.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use engine::{Engine, Error, LevelDbOptions};

use crate::support::{Fixture, Rng, all, get, put, rounds, small};

/// Writes until the engine refuses: what it acknowledged, and the refusal.
async fn fill(engine: &Engine) -> (BTreeMap<Vec<u8>, Vec<u8>>, Error) {
    let mut promised = BTreeMap::new();
    for n in 0..20_000_u64 {
        // Each key once, since what fails may be there afterwards or not; in no order, so that tables overlap.
        let key = n.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes().to_vec();
        let value = vec![n as u8; 60];
        match put(engine, key.clone(), value.clone()).await {
            Ok(()) => promised.insert(key, value),
            Err(error) => return (promised, error),
        };
    }
    panic!("a full disk took {} writes", promised.len());
}

#[tokio::test]
async fn a_full_disk_stops_the_engine_and_loses_nothing() {
    let mut rng = Rng::new(3);
    for round in 0..rounds(10) {
        let fixture = Fixture::leveldb();
        let space = 4_000 + rng.below(250_000);
        let options = LevelDbOptions { space: Some(Arc::new(AtomicU64::new(space))), ..small() };
        let engine = Engine::leveldb_with(fixture.dir.path(), options).await.unwrap();
        let (promised, failed) = fill(&engine).await;
        assert!(matches!(failed, Error::Io { kind: ErrorKind::StorageFull, .. }), "{failed}");
        let stopped = Error::Stopped { reason: engine.stopped().unwrap().to_string() };
        assert_eq!(put(&engine, "later", "x").await, Err(stopped.clone()));
        assert_eq!(get(&engine, "later").await, Err(stopped));
        // Closing cannot touch the disk any more; it must end all the same.
        engine.close().await.unwrap_err();

        let engine = fixture.open().await;
        let rows = all(&engine).await.unwrap();
        let lost = promised.iter().filter(|(key, value)| rows.get(*key) != Some(value)).count();
        assert_eq!(lost, 0, "round {round}, {space} bytes: of {} acknowledged", promised.len());
        engine.close().await.unwrap();
    }
}
