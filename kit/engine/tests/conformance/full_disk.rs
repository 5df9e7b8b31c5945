//! The disk of a LevelDB engine fills up.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use engine::{Engine, Error, LevelDbOptions};

use crate::support::{Fixture, Rng, all, get, put, rounds, small};

#[tokio::test]
async fn a_full_disk_stops_the_engine_and_loses_nothing() {
    let mut rng = Rng::new(3);
    for round in 0..rounds(15) {
        let fixture = Fixture::leveldb();
        let space = 4_000 + rng.below(400_000);
        let options = LevelDbOptions { space: Some(Arc::new(AtomicU64::new(space))), ..small() };
        let engine = Engine::leveldb_with(fixture.dir.path(), options).await.unwrap();
        let mut promised = BTreeMap::new();
        let failed = loop {
            let (key, value) =
                (format!("{:04}", rng.below(2000)).into_bytes(), vec![rng.below(256) as u8; 60]);
            // What fails may or may not be there afterwards, so it must not hide what was there before: new keys only.
            if promised.contains_key(&key) {
                continue;
            }
            match put(&engine, key.clone(), value.clone()).await {
                Ok(()) => promised.insert(key, value),
                Err(error) => break error,
            };
            if promised.len() == 1500 {
                promised.clear();
                engine
                    .update(|tx| {
                        (0..2000).for_each(|n| tx.delete(format!("{n:04}")));
                        Ok::<_, Error>(())
                    })
                    .await
                    .ok();
            }
        };
        assert!(
            matches!(failed, Error::Io { kind: ErrorKind::StorageFull, .. } | Error::Stopped { .. }),
            "{failed}"
        );
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
