//! Group commit: who shares a batch, and who sees what of it.

use std::sync::mpsc;
use std::time::Instant;

use engine::{Engine, Error};
use tokio::task::{JoinHandle, yield_now};

use crate::support::{Fixture, all, get, on_every_disk, put, rounds};

on_every_disk!(
    updates_that_wait_together_share_one_commit,
    a_dropped_caller_harms_nobody,
    callers_wait_when_the_queue_is_full,
    many_callers_are_faster_than_one,
    large_updates_do_not_add_up_in_one_commit,
);

/// Keeps the engine's thread busy with a read until the sender is dropped.
async fn hold(engine: &Engine) -> (mpsc::Sender<()>, JoinHandle<Result<(), Error>>) {
    let (release, gate) = mpsc::channel::<()>();
    let engine = engine.clone();
    let held = tokio::spawn(async move {
        engine
            .read(move |_| {
                gate.recv().unwrap_err();
                Ok(())
            })
            .await
    });
    queued().await;
    (release, held)
}

/// Lets every spawned task put its call into the queue: they all run on this one thread.
async fn queued() {
    for _ in 0..10 {
        yield_now().await;
    }
}

async fn updates_that_wait_together_share_one_commit(fixture: Fixture) {
    let engine = fixture.open().await;
    put(&engine, "count", "0").await.unwrap();
    let before = engine.stats();
    let (release, held) = hold(&engine).await;
    let count = |engine: Engine| async move {
        engine
            .update(|tx| {
                let count =
                    String::from_utf8(tx.get(b"count")?.unwrap()).unwrap().parse::<u64>().unwrap() + 1;
                tx.put("count", count.to_string());
                Ok::<_, Error>(count)
            })
            .await
    };
    let counts: Vec<_> = (0..64).map(|_| tokio::spawn(count(engine.clone()))).collect();
    let reader = engine.clone();
    let refused = engine.clone();
    let read = tokio::spawn(async move { get(&reader, "count").await });
    let refusal = tokio::spawn(async move {
        refused
            .update::<(), _>(|tx| {
                tx.put("count", "wrong");
                Err(Error::Closed)
            })
            .await
    });
    queued().await;
    drop(release);
    held.await.unwrap().unwrap();

    assert_eq!(
        read.await.unwrap(),
        Ok(Some(b"0".to_vec())),
        "a read sees what is on disk, not what waits for it"
    );
    assert_eq!(refusal.await.unwrap(), Err(Error::Closed));
    for (before, count) in counts.into_iter().enumerate() {
        assert_eq!(count.await.unwrap(), Ok(before as u64 + 1), "each update sees those before it");
    }
    let after = engine.stats();
    assert_eq!((after.updates - before.updates, after.commits - before.commits), (65, 1));
    assert_eq!(get(&engine, "count").await, Ok(Some(b"64".to_vec())));
    engine.close().await.unwrap();
}

async fn a_dropped_caller_harms_nobody(fixture: Fixture) {
    let engine = fixture.open().await;
    let (release, held) = hold(&engine).await;
    let writer = engine.clone();
    let dropped = tokio::spawn(async move { put(&writer, "dropped", "1").await });
    queued().await;
    dropped.abort();
    assert!(dropped.await.unwrap_err().is_cancelled());
    drop(release);
    held.await.unwrap().unwrap();
    put(&engine, "next", "2").await.unwrap();
    assert_eq!(get(&engine, "dropped").await, Ok(Some(b"1".to_vec())), "it was in the queue, so it was done");
    engine.close().await.unwrap();
}

async fn callers_wait_when_the_queue_is_full(fixture: Fixture) {
    let engine = fixture.open().await;
    let (release, held) = hold(&engine).await;
    let caller = |n: u32| {
        let engine = engine.clone();
        tokio::spawn(async move { put(&engine, n.to_be_bytes(), "value").await })
    };
    let callers: Vec<_> = (0..3000).map(caller).collect();
    queued().await;
    drop(release);
    held.await.unwrap().unwrap();
    for caller in callers {
        caller.await.unwrap().unwrap();
    }
    assert_eq!(all(&engine).await.unwrap().len(), 3000);
    engine.close().await.unwrap();
}

/// Prints the ratio of the rates, and asserts only on the commits: how long a sync takes is the disk's business.
async fn many_callers_are_faster_than_one(fixture: Fixture) {
    const CALLERS: u64 = 64;
    let puts = rounds(40);
    let engine = fixture.open_usual().await;
    let start = Instant::now();
    for n in 0..puts {
        put(&engine, format!("alone {n}"), "value").await.unwrap();
    }
    let alone = puts as f64 / start.elapsed().as_secs_f64();

    let before = engine.stats();
    let start = Instant::now();
    let caller = |caller: u64| {
        let engine = engine.clone();
        tokio::spawn(async move {
            for n in 0..puts {
                put(&engine, format!("{caller} {n}"), "value").await.unwrap();
            }
        })
    };
    for caller in (0..CALLERS).map(caller).collect::<Vec<_>>() {
        caller.await.unwrap();
    }
    let together = (CALLERS * puts) as f64 / start.elapsed().as_secs_f64();
    let commits = engine.stats().commits - before.commits;
    println!("puts per second: {alone:.0} alone, {together:.0} by {CALLERS}, ratio {:.1}", together / alone);
    println!("{} puts by {CALLERS} callers took {commits} commits", CALLERS * puts);
    assert!(commits <= CALLERS * puts / 2, "groups do not form: {commits} commits");
    engine.close().await.unwrap();
}

async fn large_updates_do_not_add_up_in_one_commit(fixture: Fixture) {
    let engine = fixture.open().await;
    let (release, held) = hold(&engine).await;
    let write = |engine: Engine, number: u8| async move {
        put(&engine, number.to_string(), "x".repeat(1 << 20)).await
    };
    let writes: Vec<_> = (0..20).map(|number| tokio::spawn(write(engine.clone(), number))).collect();
    queued().await;
    drop(release);
    held.await.unwrap().unwrap();
    for write in writes {
        write.await.unwrap().unwrap();
    }
    // Twenty mebibytes, eight in a group.
    assert_eq!(engine.stats().commits, 3);
    engine.close().await.unwrap();
}
