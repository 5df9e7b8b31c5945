//! Whether a commit reaches the disk and not only the system's memory: a kill cannot show that, a trace of calls can.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::{Fixture, on_every_disk, open_named, put};

on_every_disk!(every_commit_is_synced);

const COMMITS: usize = 20;

async fn every_commit_is_synced(fixture: Fixture) {
    if Command::new("strace").arg("--version").output().is_err() {
        println!("skipped: strace is not installed");
        return;
    }
    let (none, some) = (syncs(&fixture, 0), syncs(&fixture, COMMITS));
    println!("{none} syncs to open and close, {some} with {COMMITS} commits between");
    assert!(some >= none + COMMITS, "{} syncs for {COMMITS} commits", some.saturating_sub(none));
}

/// A log or a manifest is not said to be on disk before the names of files that came into being before it are.
#[tokio::test]
async fn names_are_on_disk_before_what_relies_on_them() {
    if Command::new("strace").arg("--version").output().is_err() {
        println!("skipped: strace is not installed");
        return;
    }
    let calls = trace(&Fixture::leveldb(), 1_000, "openat,rename,fsync,fdatasync");
    let (mut new, mut tables, mut syncs) = (Vec::new(), 0, 0);
    for call in calls.lines().filter(|line| !line.contains("dbtmp") && !line.contains("LOCK")) {
        let relies = (call.contains("MANIFEST-") || call.contains(".log>")) && !call.contains("sums-new>");
        if call.contains("fdatasync(") && relies {
            assert!(new.is_empty(), "{call}\nthough the directory was not synced since\n{}", new.join("\n"));
        } else if call.contains("fsync(") {
            new.clear();
        } else if call.contains("rename(") || call.contains("O_CREAT") {
            new.push(call);
        }
        tables += usize::from(call.contains("O_CREAT") && call.contains(".ldb\""));
        syncs += usize::from(call.contains("sync("));
    }
    println!("{tables} tables; {syncs} syncs, 1000 of them for commits");
    assert!(tables > 5, "{tables} tables are too few to tell");
}

/// How often a process that opens the engine, commits and closes asks the system to sync.
fn syncs(fixture: &Fixture, commits: usize) -> usize {
    let trace = trace(fixture, commits, "fsync,fdatasync");
    // The line on which a call begins; where threads overlap, it ends on another.
    trace.lines().filter(|line| line.contains("sync(")).count()
}

/// What a process that opens the engine, commits and closes asks of the system, a line a call.
fn trace(fixture: &Fixture, commits: usize, calls: &str) -> String {
    let trace = tempfile::NamedTempFile::new().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let traced = Command::new("strace")
        .args(["-f", "-y", "-e", &format!("trace={calls}"), "-o"])
        .arg(trace.path())
        .arg(std::env::current_exe().unwrap())
        .args(["sync::writer", "--exact", "--ignored"])
        .env("ATOLL_WRITER_DIR", dir.path())
        .env("ATOLL_WRITER_ENGINE", fixture.name())
        .env("ATOLL_WRITER_COMMITS", commits.to_string())
        .output()
        .unwrap();
    assert!(traced.status.success(), "{}", String::from_utf8_lossy(&traced.stdout));
    fs::read_to_string(trace.path()).unwrap()
}

#[tokio::test]
#[ignore = "not a test: the process that the test above traces"]
async fn writer() {
    let Some(dir) = std::env::var_os("ATOLL_WRITER_DIR") else { return };
    let engine = open_named(Path::new(&dir)).await;
    let commits: usize = std::env::var("ATOLL_WRITER_COMMITS").unwrap().parse().unwrap();
    for n in 0..commits {
        put(&engine, n.to_string(), "value").await.unwrap();
    }
    engine.close().await.unwrap();
}
