//! An engine and a `BTreeMap` get the same writes, and must give the same answers.

use std::collections::BTreeMap;
use std::ops::Bound;

use engine::{Engine, Error, Row};

use crate::support::{Fixture, Rng, all, on_every_engine, rounds};

on_every_engine!(answers_as_a_map_does);

type Model = BTreeMap<Vec<u8>, Vec<u8>>;

/// Few keys, so that most writes meet an older row, and short ones, so that one is often the prefix of another.
fn key(rng: &mut Rng) -> Vec<u8> {
    let mut key = format!("{:x}", rng.below(1000) * 11).into_bytes();
    if rng.below(3) == 0 {
        key.push(0);
    }
    key
}

async fn answers_as_a_map_does(fixture: Fixture) {
    for seed in 1..=rounds(2) {
        let mut rng = Rng::new(seed);
        let mut engine = fixture.open().await;
        let mut model: Model = all(&engine).await.unwrap();
        for step in 0..500 {
            write(&engine, &mut model, &mut rng).await;
            check_gets(&engine, &model, &mut rng).await;
            check_scan(&engine, &model, &mut rng).await;
            if step % 100 == 99 {
                engine.close().await.unwrap();
                engine = fixture.open().await;
                assert_eq!(all(&engine).await.unwrap(), model, "seed {seed}, step {step}");
            }
        }
        engine.close().await.unwrap();
    }
}

async fn write(engine: &Engine, model: &mut Model, rng: &mut Rng) {
    let writes: Vec<(Vec<u8>, Option<Vec<u8>>)> = (0..rng.below(60))
        .map(|_| {
            (key(rng), (rng.below(100) < 55).then(|| vec![rng.below(256) as u8; rng.below(60) as usize]))
        })
        .collect();
    for (key, value) in writes.clone() {
        match value {
            Some(value) => model.insert(key, value),
            None => model.remove(&key),
        };
    }
    let body = move |tx: &mut engine::Transaction<'_>| {
        for (key, value) in writes {
            match value.clone() {
                Some(value) => tx.put(key.clone(), value),
                None => tx.delete(key.clone()),
            }
            assert_eq!(tx.get(&key)?, value, "a transaction sees what it wrote");
        }
        Ok::<_, Error>(())
    };
    engine.update(body).await.unwrap();
}

async fn check_gets(engine: &Engine, model: &Model, rng: &mut Rng) {
    let expected: Vec<_> = (0..40).map(|_| key(rng)).map(|key| (model.get(&key).cloned(), key)).collect();
    let check = move |reader: &mut engine::Reader<'_>| {
        for (value, key) in expected {
            assert_eq!(reader.get(&key)?, value, "get {}", String::from_utf8_lossy(&key));
        }
        Ok::<_, Error>(())
    };
    engine.read(check).await.unwrap();
}

async fn check_scan(engine: &Engine, model: &Model, rng: &mut Rng) {
    let mut prefix = key(rng);
    prefix.truncate(rng.below(3) as usize);
    let after = (rng.below(2) == 0).then(|| key(rng));
    let limit = [0, 1, 10, 2000][rng.below(4) as usize];
    let from = after.clone().map_or(Bound::Unbounded, Bound::Excluded);
    let expected: Vec<Row> = model
        .range((from, Bound::Unbounded))
        .filter(|(key, _)| key.starts_with(&prefix))
        .take(limit)
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let rows = engine.read(move |reader| reader.scan(&prefix, after.as_deref(), limit)).await;
    assert_eq!(rows, Ok::<_, Error>(expected));
}
