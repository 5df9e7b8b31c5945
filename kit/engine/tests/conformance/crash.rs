//! A process that writes is killed again and again; nothing it was promised may be lost.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use engine::Error;

use crate::support::{Fixture, Rng, all, on_every_disk, open_named, rounds};

on_every_disk!(a_killed_writer_loses_nothing_acknowledged);

/// Tasks that write at the same time in the writer.
const TASKS: u64 = 8;

async fn a_killed_writer_loses_nothing_acknowledged(fixture: Fixture) {
    let mut rng = Rng::new(7);
    let mut promised = Vec::new();
    for round in 0..rounds(20) {
        let mut writer = spawn_writer(&fixture, round);
        let mut lines = BufReader::new(writer.stdout.take().unwrap()).lines().map_while(Result::ok);
        promised.extend(lines.by_ref().find_map(|line| acknowledged(&line)));
        if round == 0 {
            let error = fixture.try_open().await.err();
            assert_eq!(
                error,
                Some(Error::Locked { dir: fixture.dir.path().to_owned() }),
                "another process has it"
            );
        }
        std::thread::sleep(Duration::from_millis(rng.below(60)));
        writer.kill().unwrap();
        writer.wait().unwrap();
        promised.extend(lines.filter_map(|line| acknowledged(&line)));

        let engine = fixture.open().await;
        let rows = all(&engine).await.unwrap();
        let lost: Vec<_> = promised.iter().filter(|key| !rows.contains_key(key.as_bytes())).collect();
        assert!(
            lost.is_empty(),
            "round {round}: {} of {} acknowledged writes are lost: {lost:?}",
            lost.len(),
            promised.len()
        );
        for (key, value) in &rows {
            assert_eq!(rows.get(value), Some(key), "round {round}: half of a transaction");
        }
        engine.close().await.unwrap();
    }
    println!("{} acknowledged writes survived {} kills", promised.len(), rounds(20));
}

fn acknowledged(line: &str) -> Option<String> {
    // The test harness of the writer may have begun the line with words of its own.
    line.split_once("acknowledged ").map(|(_, key)| key.to_owned())
}

/// This test binary again, told by the environment to write.
fn spawn_writer(fixture: &Fixture, round: u64) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["crash::writer", "--exact", "--ignored", "--nocapture"])
        .env("ATOLL_WRITER_DIR", fixture.dir.path())
        .env("ATOLL_WRITER_ENGINE", fixture.name())
        .env("ATOLL_WRITER_ROUND", round.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[tokio::test]
#[ignore = "not a test: the process that the test above kills"]
async fn writer() {
    let Some(dir) = std::env::var_os("ATOLL_WRITER_DIR") else { return };
    let round = std::env::var("ATOLL_WRITER_ROUND").unwrap();
    let engine = open_named(Path::new(&dir)).await;
    let task = |task: u64| {
        let (engine, round) = (engine.clone(), round.clone());
        tokio::spawn(async move {
            for n in 0_u64.. {
                // Two rows that name each other: a torn transaction shows.
                let (one, two) = (format!("a {round} {task} {n}"), format!("b {round} {task} {n}"));
                let acknowledge = format!("acknowledged {one}\n");
                let body = move |tx: &mut engine::Transaction<'_>| {
                    tx.put(one.clone(), two.clone());
                    tx.put(two, one);
                    Ok::<_, Error>(())
                };
                engine.update(body).await.unwrap();
                std::io::stdout().write_all(acknowledge.as_bytes()).unwrap();
            }
        })
    };
    for task in (0..TASKS).map(task).collect::<Vec<_>>() {
        task.await.unwrap();
    }
}
