//! Defects of rusty-leveldb 4.0.2 that the engine must not let through.

use engine::{Engine, Error};

use crate::support::{Fixture, get, put, rounds};

/// A `get` that meets the tombstone of another key in a newer table must go on to the older one.
#[tokio::test]
async fn a_tombstone_of_another_key_hides_nothing() {
    let fixture = Fixture::leveldb();
    let engine = Engine::leveldb(fixture.dir.path()).await.unwrap();
    let write = |odd: bool| {
        move |tx: &mut engine::Transaction<'_>| {
            for n in (0..4000).filter(|n| (n % 2 == 1) == odd) {
                if odd { tx.delete(format!("{n:05}")) } else { tx.put(format!("{n:05}"), "live") }
            }
            Ok::<_, Error>(())
        }
    };
    engine.update(write(false)).await.unwrap();
    engine.close().await.unwrap();
    // Each open makes a table of what the log holds: first one of live keys, then one of tombstones between them.
    let engine = Engine::leveldb(fixture.dir.path()).await.unwrap();
    engine.update(write(true)).await.unwrap();
    engine.close().await.unwrap();
    let engine = Engine::leveldb(fixture.dir.path()).await.unwrap();
    let mut missed = Vec::new();
    for n in (0..4000).step_by(2) {
        if get(&engine, format!("{n:05}")).await.unwrap().is_none() {
            missed.push(n);
        }
    }
    assert!(missed.is_empty(), "{} of 2000 live keys are not found: {missed:?}", missed.len());
    engine.close().await.unwrap();
}

/// The last write before a restart, at the end of a block, where a lookup at its own number goes past it.
#[tokio::test]
async fn the_last_write_is_found_at_the_end_of_a_block() {
    let fixture = Fixture::leveldb();
    let engine = fixture.open().await;
    put(&engine, "k2", vec![2; 5000]).await.unwrap();
    put(&engine, "k1", vec![1; 5000]).await.unwrap();
    engine.close().await.unwrap();
    let engine = fixture.open().await;
    assert_eq!(get(&engine, "k1").await, Ok(Some(vec![1; 5000])));
    engine.close().await.unwrap();
}

/// Rows that are written again and again, with reads between, must not pile up.
#[tokio::test]
async fn reads_leave_no_garbage_behind() {
    let fixture = Fixture::leveldb();
    let engine = fixture.open().await;
    for round in 0..rounds(300) {
        let body = move |tx: &mut engine::Transaction<'_>| {
            (0..50).for_each(|n| tx.put(format!("{n:02}"), vec![round as u8; 100]));
            Ok::<_, Error>(())
        };
        engine.update(body).await.unwrap();
        engine.read(|reader| reader.scan(b"", None, 10)).await.unwrap();
    }
    let size = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().metadata().unwrap().len();
    let bytes: u64 = std::fs::read_dir(fixture.dir.path()).unwrap().map(size).sum();
    let live = 50 * 102;
    println!("{bytes} bytes on disk for {live} live ones, after {} written", live * rounds(300));
    assert!(bytes < 30 * live, "{bytes} bytes on disk for {live} live ones");
    engine.close().await.unwrap();
}
