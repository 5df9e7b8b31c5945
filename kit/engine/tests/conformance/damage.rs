//! Files that were cut, flipped or deleted: an error or the right data, never the wrong data.

use std::collections::BTreeMap;
use std::fs;
use std::panic::AssertUnwindSafe;
use std::path::Path;

use engine::{Engine, Error};

use crate::support::{Fixture, Rng, all, get, put, rounds, small};

type Rows = BTreeMap<Vec<u8>, Vec<u8>>;

/// Fills a database so that every kind of file matters, and gives its rows before and after the last write.
async fn fill(engine: &Engine) -> (Rows, Rows) {
    let mut rng = Rng::new(5);
    for round in 0..60 {
        let numbers: Vec<u64> = (0..30).map(|_| rng.below(900)).collect();
        let body = move |tx: &mut engine::Transaction<'_>| {
            for n in numbers {
                match n % 3 {
                    0 => tx.delete(format!("{:03}", n / 3 * 2)),
                    _ => {
                        tx.put(format!("{n:03}"), format!("value of round {round} for {n}, with some weight"))
                    }
                }
            }
            Ok::<_, Error>(())
        };
        engine.update(body).await.unwrap();
    }
    let before = all(engine).await.unwrap();
    put(engine, "last", "write").await.unwrap();
    (before, all(engine).await.unwrap())
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

/// Damages one file of `dir`, and says how.
fn damage(dir: &Path, rng: &mut Rng) -> String {
    let mut files: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| !file.ends_with("LOCK") && fs::metadata(file).unwrap().len() > 0);
    files.sort();
    let file = &files[rng.below(files.len() as u64) as usize];
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    let mut bytes = fs::read(file).unwrap();
    let at = rng.below(bytes.len() as u64) as usize;
    match rng.below(10) {
        0 => {
            fs::remove_file(file).unwrap();
            return format!("{name} deleted");
        }
        1..4 => bytes.truncate(at),
        _ => bytes[at] ^= 1 << rng.below(8),
    }
    let how = if bytes.len() == at { "cut" } else { "flipped" };
    fs::write(file, bytes).unwrap();
    format!("{name} {how} at {at}")
}

/// Opens and reads everything in both ways.
async fn read_all(dir: &Path) -> Result<Rows, Error> {
    let engine = Engine::leveldb_with(dir, small()).await?;
    let rows = async {
        let rows = all(&engine).await?;
        for n in 0..900 {
            let key = format!("{n:03}");
            assert_eq!(
                get(&engine, key.clone()).await?.as_ref(),
                rows.get(key.as_bytes()),
                "get differs from scan"
            );
        }
        Ok(rows)
    };
    let rows = rows.await;
    engine.close().await.ok();
    rows
}

/// Damages copies of `image` and counts how many were noticed.
async fn damaged_copies(image: &Path, allowed: impl Fn(&str, &Rows) -> bool) {
    let mut rng = Rng::new(11);
    let (mut noticed, trials) = (0, rounds(150));
    for trial in 0..trials {
        let dir = tempfile::tempdir().unwrap();
        copy(image, dir.path());
        let how = damage(dir.path(), &mut rng);
        match read_all(dir.path()).await {
            Ok(rows) => {
                assert!(allowed(&how, &rows), "trial {trial}: {how}: {} rows, and no error", rows.len())
            }
            Err(error) => {
                assert!(
                    matches!(error, Error::Corrupt { .. } | Error::Io { .. }),
                    "trial {trial}: {how}: {error}"
                );
                noticed += 1;
            }
        }
    }
    println!("{noticed} of {trials} damages were noticed; the others harmed nothing");
    assert!(noticed > trials / 2);
}

#[tokio::test]
async fn damage_after_a_clean_close_is_an_error_or_harmless() {
    let fixture = Fixture::leveldb();
    let engine = fixture.open().await;
    let (_, rows) = fill(&engine).await;
    engine.close().await.unwrap();
    damaged_copies(fixture.dir.path(), |_, found| *found == rows).await;
}

/// The files as a kill leaves them. Nothing marks the end of the log then, so its last record may go unnoticed.
#[tokio::test]
async fn damage_after_a_kill_is_an_error_or_harmless_but_for_the_end_of_the_log() {
    let fixture = Fixture::leveldb();
    let engine = fixture.open().await;
    let (before, rows) = fill(&engine).await;
    let image = tempfile::tempdir().unwrap();
    copy(fixture.dir.path(), image.path());
    engine.close().await.unwrap();
    let log = AssertUnwindSafe(|how: &str| how.contains(".log "));
    damaged_copies(image.path(), move |how, found| {
        *found == rows || (log(how) && (*found == before || how.contains("cut")))
    })
    .await;
}
