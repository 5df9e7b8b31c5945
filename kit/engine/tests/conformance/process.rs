//! What a memory disk does to the process that has it open.

use std::time::Duration;

use engine::{Engine, Error, MemoryDisk, Transaction};
use tokio::time::timeout;

async fn put(engine: &Engine, key: &str) -> Result<(), Error> {
    let key = key.to_owned();
    let put = move |tx: &mut Transaction<'_>| {
        tx.put(key.clone(), key);
        Ok(())
    };
    engine.update(put).await
}

async fn has(engine: &Engine, key: &str) -> bool {
    let key = key.to_owned();
    engine.read(move |reader| reader.get(key.as_bytes())).await.unwrap().is_some()
}

const LONG: Duration = Duration::from_secs(3600);

#[tokio::test(start_paused = true)]
async fn a_process_that_dies_after_a_commit_never_hears_of_it_and_has_it_on_disk() {
    let disk = MemoryDisk::new();
    let engine = Engine::memory(&disk);
    disk.die_after(2);
    put(&engine, "a").await.unwrap();
    assert!(!disk.has_died());
    assert!(timeout(LONG, put(&engine, "b")).await.is_err());
    assert!(disk.has_died());
    assert!(timeout(LONG, put(&engine, "c")).await.is_err());
    assert!(timeout(LONG, engine.read(|reader| reader.get(b"a"))).await.is_err());

    let next = Engine::memory(&disk);
    assert!(!disk.has_died());
    assert!(has(&next, "a").await && has(&next, "b").await && !has(&next, "c").await);
    put(&next, "d").await.unwrap();
}

#[tokio::test]
async fn a_disk_loses_the_last_commits_as_they_were() {
    let disk = MemoryDisk::new();
    disk.remember(2);
    let engine = Engine::memory(&disk);
    for key in ["a", "b", "c"] {
        put(&engine, key).await.unwrap();
    }
    let delete = |tx: &mut Transaction<'_>| {
        tx.delete("a");
        Ok::<_, Error>(())
    };
    engine.update(delete).await.unwrap();
    assert_eq!(disk.lose(1), 1);
    assert!(has(&engine, "a").await && has(&engine, "c").await);
    // No more than were remembered.
    assert_eq!(disk.lose(5), 1);
    assert!(has(&engine, "b").await && !has(&engine, "c").await);
}

#[tokio::test]
async fn a_full_disk_fails_each_write_until_there_is_room() {
    let disk = MemoryDisk::new();
    let engine = Engine::memory(&disk);
    put(&engine, "a").await.unwrap();
    disk.set_full(true);
    assert!(matches!(put(&engine, "b").await, Err(Error::Io { .. })));
    let next = Engine::memory(&disk);
    assert!(has(&next, "a").await && put(&next, "b").await.is_err());
    disk.set_full(false);
    put(&Engine::memory(&disk), "b").await.unwrap();
}
