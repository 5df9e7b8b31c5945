//! A replica's process is started, waited for, held, ended, and never left behind.
#![cfg(target_os = "linux")]

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use cluster::Replica;
use tempfile::TempDir;
use tokio::sync::Mutex;

/// One test at a time: a process that another test is just starting holds this test's program open for
/// writing, and such a program cannot be run.
static ALONE: Mutex<()> = Mutex::const_new(());

/// A program that does what `script` says. `$2` is its directory.
fn program(parent: &Path, script: &str) -> io::Result<PathBuf> {
    let path = parent.join("program");
    fs::write(&path, format!("#!/bin/sh\n{script}\n"))?;
    let mut permissions = fs::metadata(&path)?.permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o700);
    fs::set_permissions(&path, permissions)?;
    Ok(path)
}

/// A page that is always ready, and the line of a log that leads to it.
async fn ready() -> io::Result<String> {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 1024]).await;
            let _ = stream.write_all(b"HTTP/1.0 200 OK\r\n\r\natoll_tasks 7\n").await;
        }
    });
    Ok(format!(r#"echo '{{"message":"serving","grpc":"127.0.0.1:9","http":"{address}"}}' >&2"#))
}

fn alive(parent: &Path) -> bool {
    let process = fs::read_to_string(parent.join("process")).unwrap_or_default();
    // A process that ended and that nobody asked about is still there, as a zombie.
    let state = fs::read_to_string(format!("/proc/{}/stat", process.trim())).unwrap_or_default();
    !state.is_empty() && !state.contains(") Z")
}

/// A replica that notes its process.
async fn replica(parent: &TempDir, script: &str) -> io::Result<Replica> {
    let note = format!("echo $$ > {}", parent.path().join("process").display());
    let script = format!("{note}\n{}\n{script}", ready().await?);
    Ok(Replica::new(2, &program(parent.path(), &script)?, Vec::new(), parent.path()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_is_ready_rests_and_is_killed() {
    let _alone = ALONE.lock().await;
    let parent = TempDir::new().unwrap();
    let mut replica = replica(&parent, "trap '' TERM; while :; do sleep 0.05; done").await.unwrap();
    replica.start(&[]).await.unwrap();
    assert_eq!(replica.grpc().map(|address| address.port()), Some(9));
    assert_eq!(replica.rest().await.unwrap().tasks, 7);
    replica.pause().await.unwrap();
    replica.go_on().await.unwrap();
    assert!(alive(parent.path()));
    replica.kill().await.unwrap();
    assert!(!alive(parent.path()) && replica.grpc().is_none());
    replica.start(&[]).await.unwrap();
    assert!(alive(parent.path()));
    drop(replica);
    assert!(!alive(parent.path()), "the process was left behind");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_ends_in_good_order_when_it_is_told_to() {
    let _alone = ALONE.lock().await;
    let parent = TempDir::new().unwrap();
    let end = format!("trap 'touch {}; exit 0' TERM", parent.path().join("ended").display());
    let mut replica = replica(&parent, &format!("{end}; while :; do sleep 0.05; done")).await.unwrap();
    replica.start(&[]).await.unwrap();
    replica.stop().await.unwrap();
    assert!(parent.path().join("ended").exists() && !alive(parent.path()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_ends_at_once_tells_why() {
    let _alone = ALONE.lock().await;
    let parent = TempDir::new().unwrap();
    let program =
        program(parent.path(), "echo 'error: the directory belongs to replica 3' >&2; exit 2").unwrap();
    let began = Instant::now();
    let error = Replica::new(2, &program, Vec::new(), parent.path()).start(&[]).await.unwrap_err();
    assert!(began.elapsed() < Duration::from_secs(5));
    let text = error.to_string();
    assert!(text.contains("replica 2 ended") && text.contains("belongs to replica 3"), "{text}");
}
