//! Files that were cut, flipped or deleted: an error or the right data, never the wrong data.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use engine::{Engine, Error};

use crate::support::{Fixture, Rng, all, get, rounds};

type Rows = BTreeMap<Vec<u8>, Vec<u8>>;

/// Fills a database so that every kind of file matters, and gives its rows after each write.
async fn fill(engine: &Engine) -> Vec<Rows> {
    let mut rng = Rng::new(5);
    let mut states = Vec::new();
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
        states.push(all(engine).await.unwrap());
    }
    states
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(|entry| entry.unwrap()) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The files of `dir` and of the directories in it, in an order that is always the same.
fn files(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() { files.extend(self::files(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}

#[derive(Debug, PartialEq)]
enum How {
    Deleted,
    Cut,
    Flipped,
}

/// Damages one file of `dir` whose name ends with one of `endings`, and says which and how.
fn damage(dir: &Path, endings: &[&str], rng: &mut Rng) -> (String, How) {
    let mut files = files(dir);
    files.retain(|file| endings.iter().any(|ending| file.to_string_lossy().ends_with(ending)));
    files.retain(|file| !file.ends_with("LOCK") && fs::metadata(file).unwrap().len() > 0);
    let file = &files[rng.below(files.len() as u64) as usize];
    let mut bytes = fs::read(file).unwrap();
    // fjall lays out its journal in advance; what it has written is at the beginning.
    let at = rng.below(bytes.len().min(20_000) as u64) as usize;
    let how = match rng.below(10) {
        0 => How::Deleted,
        1..4 => How::Cut,
        _ => How::Flipped,
    };
    match how {
        How::Deleted => fs::remove_file(file).unwrap(),
        How::Cut => fs::write(file, &bytes[..at]).unwrap(),
        How::Flipped => {
            bytes[at] ^= 1 << rng.below(8);
            fs::write(file, bytes).unwrap();
        }
    }
    (file.file_name().unwrap().to_string_lossy().into_owned(), how)
}

/// Opens and reads everything in both ways.
async fn read_all(fixture: &Fixture, dir: &Path) -> Result<Rows, Error> {
    let engine = fixture.open_in(dir).await?;
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

/// Damages copies of `image`, and lets `judge` say whether what a reader then got is right.
async fn damage_copies(
    fixture: &Fixture,
    image: &Path,
    endings: &[&str],
    judge: impl Fn(&str, &How, &Result<Rows, Error>) -> bool,
) {
    let mut rng = Rng::new(11);
    let (mut noticed, trials) = (0, rounds(60));
    for trial in 0..trials {
        let dir = tempfile::tempdir().unwrap();
        copy(image, dir.path());
        let (file, how) = damage(dir.path(), endings, &mut rng);
        let found = read_all(fixture, dir.path()).await;
        let summary = found.as_ref().map(BTreeMap::len);
        assert!(judge(&file, &how, &found), "trial {trial}: {file} {how:?}: {summary:?}");
        noticed += u64::from(found.is_err());
    }
    println!("{noticed} of {trials} damages were noticed; the others harmed nothing");
}

/// An error that names the damage, or the right rows.
fn noticed_or_harmless(how: &How, found: &Result<Rows, Error>, rows: &Rows) -> bool {
    match found {
        Ok(found) => found == rows,
        Err(Error::Corrupt { .. }) => true,
        Err(Error::Io { .. }) => *how == How::Deleted,
        Err(_) => false,
    }
}

#[tokio::test]
async fn damage_after_a_clean_close_is_an_error_or_harmless() {
    let fixture = Fixture::leveldb();
    let engine = fixture.open().await;
    let rows = fill(&engine).await.pop().unwrap();
    engine.close().await.unwrap();
    let judge = |_: &str, how: &How, found: &Result<Rows, Error>| noticed_or_harmless(how, found, &rows);
    damage_copies(&fixture, fixture.dir.path(), &[""], judge).await;
    damage_copies(&fixture, fixture.dir.path(), &[".log", ".log.sums"], judge).await;
}

/// The files as a kill leaves them. Nothing marks the end of the log then: a cut is what a kill looks like, and damage
/// to the last record too.
#[tokio::test]
async fn damage_after_a_kill_is_an_error_or_harmless_but_for_the_end_of_the_log() {
    let fixture = Fixture::leveldb();
    let engine = fixture.open().await;
    let states = fill(&engine).await;
    let image = tempfile::tempdir().unwrap();
    copy(fixture.dir.path(), image.path());
    engine.close().await.unwrap();
    let [.., before, rows] = states.as_slice() else { panic!("too few writes") };
    let judge =
        |file: &str, how: &How, found: &Result<Rows, Error>| match (file.ends_with(".log"), how, found) {
            (true, How::Cut, _) => found.as_ref().is_ok_and(|found| states.contains(found)),
            (true, How::Flipped, Ok(found)) if found == before => true,
            _ => noticed_or_harmless(how, found, rows),
        };
    damage_copies(&fixture, image.path(), &[""], judge).await;
    damage_copies(&fixture, image.path(), &[".log"], judge).await;
}

/// fjall has no mark at the end of its journal, so it takes any damage there for a kill, and goes back to before it.
/// And fjall 3.1.13 takes a keyspace without its file `current` for a new one: all its rows are gone without an error.
#[cfg(feature = "fjall")]
#[tokio::test]
async fn damage_to_fjall_is_an_error_or_harmless_but_for_two_of_its_files() {
    let fixture = Fixture::fjall();
    let engine = fixture.open().await;
    let states = fill(&engine).await;
    engine.close().await.unwrap();
    let rows = states.last().unwrap();
    let judge = |file: &str, how: &How, found: &Result<Rows, Error>| match found {
        Ok(found) if file.ends_with(".jnl") => found.is_empty() || states.contains(found),
        Ok(found) if file == "current" && *how == How::Deleted => found.is_empty() || found == rows,
        _ => noticed_or_harmless(how, found, rows),
    };
    damage_copies(&fixture, fixture.dir.path(), &[""], judge).await;
}
