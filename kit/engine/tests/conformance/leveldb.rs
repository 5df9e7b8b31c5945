//! Defects of rusty-leveldb 4.0.2 that the engine must not let through.

use std::time::Duration;

use engine::{Engine, Error};

use crate::support::{Fixture, get, put, rounds};

/// Writes nothing but `rows`, and opens the engine again, which makes a table of them.
async fn write_table(fixture: &Fixture, rows: Vec<(Vec<u8>, Option<Vec<u8>>)>) {
    let engine = Engine::leveldb(fixture.dir.path()).await.unwrap();
    for (key, value) in rows {
        let body = move |tx: &mut engine::Transaction<'_>| {
            match value {
                Some(value) => tx.put(key, value),
                None => tx.delete(key),
            }
            Ok::<_, Error>(())
        };
        engine.update(body).await.unwrap();
    }
    engine.close().await.unwrap();
    Engine::leveldb(fixture.dir.path()).await.unwrap().close().await.unwrap();
}

/// A `get` that meets the tombstone of another key in a newer table must go on to the older one.
#[tokio::test]
async fn a_tombstone_of_another_key_hides_nothing() {
    let fixture = Fixture::leveldb();
    // In no order, so that live keys and tombstones lie among each other.
    let key = |n: u64| format!("{:016x}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15)).into_bytes();
    write_table(&fixture, (0..1000).map(|n| (key(n), Some(b"live".to_vec()))).collect()).await;
    write_table(&fixture, (1000..2000).map(|n| (key(n), None)).collect()).await;
    let engine = Engine::leveldb(fixture.dir.path()).await.unwrap();
    let mut missed = 0;
    for n in 0..1000 {
        missed += u64::from(get(&engine, key(n)).await.unwrap().is_none());
    }
    assert_eq!(missed, 0, "of 1000 live keys");
    engine.close().await.unwrap();
}

/// Behind a deleted key stand others. A `get` that walks over them all, for each of them, takes minutes here.
#[tokio::test]
async fn a_get_of_a_deleted_key_does_not_walk_over_those_behind_it() {
    let fixture = Fixture::leveldb();
    let engine = Engine::leveldb(fixture.dir.path()).await.unwrap();
    let key = |n: u32| n.to_be_bytes();
    for value in [Some(b"value"), None] {
        let body = move |txn: &mut engine::Transaction<'_>| {
            (0..30_000).for_each(|n| match value {
                Some(value) => txn.put(key(n), value.as_slice()),
                None => txn.delete(key(n)),
            });
            Ok::<_, Error>(())
        };
        engine.update(body).await.unwrap();
    }
    engine.close().await.unwrap();
    let engine = Engine::leveldb(fixture.dir.path()).await.unwrap();
    let gets = engine.read(move |reader| {
        (0..30_000)
            .try_fold(0, |found, n| Ok::<_, Error>(found + usize::from(reader.get(&key(n))?.is_some())))
    });
    let found = tokio::time::timeout(Duration::from_secs(30), gets).await.expect("it walks over all of them");
    assert_eq!(found, Ok(0));
    engine.close().await.unwrap();
}

/// Each row fills a block of its own.
async fn finds_in_blocks(rows: [&'static str; 2], wanted: &'static str) {
    let fixture = Fixture::leveldb();
    let row = |key: &str| (key.as_bytes().to_vec(), Some(vec![1; 5000]));
    write_table(&fixture, rows.map(row).to_vec()).await;
    let engine = Engine::leveldb(fixture.dir.path()).await.unwrap();
    assert_eq!(get(&engine, wanted).await, Ok(Some(vec![1; 5000])));
    engine.close().await.unwrap();
}

#[tokio::test]
async fn the_last_write_is_found_at_the_end_of_a_block() {
    finds_in_blocks(["k", "k"], "k").await;
    finds_in_blocks(["k2", "k1"], "k1").await;
}

#[tokio::test]
async fn a_key_is_found_in_the_block_after_that_of_the_key_before_it() {
    finds_in_blocks(["k", "k\0"], "k\0").await;
    finds_in_blocks(["k\0", "k"], "k\0").await;
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

#[tokio::test]
async fn a_torn_end_is_left_out_and_counted() {
    let dir = tempfile::tempdir().unwrap();
    // A process that is killed closes nothing.
    let killed = tempfile::tempdir().unwrap();
    let engine = Engine::leveldb(dir.path()).await.unwrap();
    for key in ["apple", "fig"] {
        put(&engine, key, "x".repeat(100)).await.unwrap();
    }
    assert_eq!(engine.stats().bytes_dropped, 0);
    let mut cut = 0;
    for file in std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().path()) {
        let copy = killed.path().join(file.file_name().unwrap());
        let bytes = std::fs::read(&file).unwrap();
        let torn = file.extension().is_some_and(|extension| extension == "log");
        // Of the last record, ten bytes are missing.
        let kept = if torn { bytes.len() - 10 } else { bytes.len() };
        cut += usize::from(torn);
        std::fs::write(copy, &bytes[..kept]).unwrap();
    }
    assert_eq!(cut, 1, "logs");
    let engine = Engine::leveldb(killed.path()).await.unwrap();
    let dropped = engine.stats().bytes_dropped;
    assert!((100..200).contains(&dropped), "{dropped}");
    assert_eq!(get(&engine, "fig").await.unwrap(), None);
    assert!(get(&engine, "apple").await.unwrap().is_some());
}

#[tokio::test]
async fn its_files_are_measured() {
    let fixture = Fixture::leveldb();
    let engine = Engine::leveldb(fixture.dir.path()).await.unwrap();
    let before = engine.bytes_on_disk().await.unwrap();
    put(&engine, "key", vec![b'x'; 100_000]).await.unwrap();
    let after = engine.bytes_on_disk().await.unwrap();
    assert!(after >= before + 100_000, "{before} bytes became {after}");
    engine.close().await.unwrap();
}

#[tokio::test]
async fn calls_that_wait_are_counted() {
    let fixture = Fixture::leveldb();
    let engine = Engine::leveldb(fixture.dir.path()).await.unwrap();
    let (go, told) = std::sync::mpsc::channel::<()>();
    let mut calls = tokio::task::JoinSet::new();
    let busy = engine.clone();
    calls.spawn(async move {
        let until_told = move |_: &mut engine::Reader<'_>| {
            let _ = told.recv();
            Ok::<_, Error>(())
        };
        busy.read(until_told).await
    });
    for _ in 0..5 {
        let waits = engine.clone();
        calls.spawn(async move { waits.read(|_| Ok::<_, Error>(())).await });
    }
    let waiting = async {
        while engine.queue().waiting != 5 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(5), waiting).await.is_ok(), "{:?}", engine.queue());
    drop(go);
    while let Some(call) = calls.join_next().await {
        call.unwrap().unwrap();
    }
    assert_eq!((engine.queue().waiting, engine.queue().most), (0, 1024));
    engine.close().await.unwrap();
}
