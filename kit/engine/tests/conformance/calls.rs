//! What a caller may do, and what comes back.

use engine::{Engine, Error, MemoryDisk};

use crate::support::{Fixture, all, get, on_every_disk as on_disk, on_every_engine, put};

on_every_engine!(
    a_transaction_is_all_or_nothing,
    a_panic_in_a_body_belongs_to_the_caller,
    after_close_every_call_says_closed,
    statistics_count,
    a_chunk_of_large_values_ends_early,
);

async fn a_transaction_is_all_or_nothing(fixture: Fixture) {
    let engine = fixture.open().await;
    put(&engine, "kept", "old").await.unwrap();
    let refused: Result<(), Error> = engine
        .update(|tx| {
            tx.put("kept", "new");
            tx.put("extra", "1");
            Err(Error::Closed)
        })
        .await;
    assert_eq!(refused, Err(Error::Closed));
    engine.close().await.unwrap();

    let engine = fixture.open().await;
    assert_eq!(
        all(&engine).await.unwrap().into_iter().collect::<Vec<_>>(),
        [(b"kept".to_vec(), b"old".to_vec())]
    );
    engine.close().await.unwrap();
}

async fn a_panic_in_a_body_belongs_to_the_caller(fixture: Fixture) {
    let engine = fixture.open().await;
    let writer = engine.clone();
    let update = tokio::spawn(async move {
        writer
            .update::<(), Error>(|tx| {
                tx.put("key", "value");
                panic!("exercise 9.9")
            })
            .await
    });
    let reader = engine.clone();
    let read = tokio::spawn(async move { reader.read::<(), Error>(|_| panic!("exercise 9.9")).await });
    for ended in [update.await, read.await] {
        let panic = ended.unwrap_err().into_panic();
        assert_eq!(panic.downcast_ref(), Some(&"exercise 9.9"));
    }
    assert_eq!(get(&engine, "key").await, Ok(None));
    put(&engine, "key", "later").await.unwrap();
    assert_eq!(get(&engine, "key").await, Ok(Some(b"later".to_vec())));
    assert_eq!(engine.stopped(), None);
    engine.close().await.unwrap();
}

async fn after_close_every_call_says_closed(fixture: Fixture) {
    let engine = fixture.open().await;
    let other = engine.clone();
    put(&engine, "key", "value").await.unwrap();
    let (one, two) = tokio::join!(engine.close(), other.close());
    assert_eq!((one, two, engine.close().await), (Ok(()), Ok(()), Ok(())));
    assert_eq!(put(&other, "key", "value").await, Err(Error::Closed));
    assert_eq!(get(&other, "key").await, Err(Error::Closed));

    let again = fixture.open().await;
    assert_eq!(get(&again, "key").await, Ok(Some(b"value".to_vec())));
    again.close().await.unwrap();
}

async fn statistics_count(fixture: Fixture) {
    let engine = fixture.open().await;
    put(&engine, "ab", "123").await.unwrap();
    put(&engine, "cd", "4567").await.unwrap();
    engine
        .update(|tx| {
            tx.delete("ab");
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
    engine.update(|tx| tx.get(b"ab")).await.unwrap();
    engine.read(|reader| reader.scan(b"", None, 10)).await.unwrap();
    let stats = engine.stats();
    assert_eq!((stats.updates, stats.commits, stats.reads), (4, 3, 1));
    assert_eq!((stats.rows_scanned, stats.bytes_written), (1, 13));
    engine.close().await.unwrap();
}

async fn a_chunk_of_large_values_ends_early(fixture: Fixture) {
    let engine = fixture.open().await;
    for key in ["a", "b", "c", "d", "e"] {
        put(&engine, key, "x".repeat(400 << 10)).await.unwrap();
    }
    let (mut keys, mut after) = (Vec::new(), None);
    loop {
        let from: Option<Vec<u8>> = after.take();
        let rows = engine.read(move |reader| reader.scan(b"", from.as_deref(), 100)).await.unwrap();
        let Some((last, _)) = rows.last() else { break };
        after = Some(last.clone());
        keys.push(rows.iter().map(|(key, _)| String::from_utf8_lossy(key).into_owned()).collect::<String>());
    }
    assert_eq!(keys, ["abc", "de"]);
    engine.close().await.unwrap();
}

mod second_open {
    use super::*;

    on_disk!(is_refused_until_the_first_is_closed);

    async fn is_refused_until_the_first_is_closed(fixture: Fixture) {
        let first = fixture.open().await;
        put(&first, "key", "value").await.unwrap();
        let error = fixture.try_open().await.unwrap_err();
        assert_eq!(error, Error::Locked { dir: fixture.dir.path().to_owned() });
        assert_eq!(get(&first, "key").await, Ok(Some(b"value".to_vec())));
        first.close().await.unwrap();
        fixture.open().await.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_memory_engine_counts_the_deleted_rows_that_a_scan_meets() {
    let engine = Engine::memory(&MemoryDisk::new());
    for step in 0..3 {
        let body = move |txn: &mut engine::Transaction<'_>| {
            for n in 0..100_u8 {
                match step {
                    0 => txn.put([n], [n]),
                    _ => txn.delete([n]),
                }
            }
            Ok::<_, Error>(())
        };
        engine.update(body).await.unwrap();
    }
    put(&engine, "~", "last").await.unwrap();
    assert_eq!(get(&engine, "\u{5}").await, Ok(None));
    for after in [None, Some(vec![89])] {
        let rows = engine.read(move |reader| reader.scan(b"", after.as_deref(), 10)).await.unwrap();
        assert_eq!(rows, [(b"~".to_vec(), b"last".to_vec())]);
    }
    let stats = engine.stats();
    assert_eq!((stats.rows_scanned, stats.rows_skipped), (2, 110));

    // A compaction drops them.
    for first in (0..70_000_u32).step_by(10_000) {
        let body = move |txn: &mut engine::Transaction<'_>| {
            (first..first + 10_000).for_each(|n| txn.delete(n.to_be_bytes()));
            Ok::<_, Error>(())
        };
        engine.update(body).await.unwrap();
    }
    engine.read(|reader| reader.scan(b"", None, 10)).await.unwrap();
    assert!(engine.stats().rows_skipped < 10_000);
}

#[tokio::test]
async fn a_memory_engine_stops_for_good_when_its_disk_fails() {
    let disk = MemoryDisk::new();
    let engine = Engine::memory(&disk);
    disk.fail_after(1);
    put(&engine, "one", "1").await.unwrap();
    let failed = put(&engine, "two", "2").await.unwrap_err();
    disk.heal();
    assert!(matches!(failed, Error::Io { .. }), "{failed}");
    assert_eq!(engine.stopped(), Some(failed.clone()));
    let stopped = Error::Stopped { reason: failed.to_string() };
    assert_eq!(put(&engine, "three", "3").await, Err(stopped.clone()));
    assert_eq!(get(&engine, "one").await, Err(stopped));

    let restarted = Engine::memory(&disk);
    assert_eq!(all(&restarted).await.unwrap().into_keys().collect::<Vec<_>>(), [b"one"]);
}

#[tokio::test]
async fn a_memory_engine_is_cut_off_when_another_is_opened() {
    let disk = MemoryDisk::new();
    let before = Engine::memory(&disk);
    put(&before, "key", "value").await.unwrap();
    let after = Engine::memory(&disk);
    assert!(matches!(put(&before, "key", "late").await, Err(Error::Stopped { .. })));
    assert_eq!(get(&after, "key").await, Ok(Some(b"value".to_vec())));
}
