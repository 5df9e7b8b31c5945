//! The log of one replica.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use anyhow::Result;
use tokio::task::spawn_blocking;

/// How many lines of a log tell why a process ended.
const LAST_LINES: usize = 8;

/// Where the log of a replica is.
pub fn log_file(parent: &Path, id: u64) -> PathBuf {
    parent.join(format!("replica-{id}.log"))
}

/// What a log says after its first bytes.
pub async fn since(log: &Path, before: u64) -> Result<String> {
    let log = log.to_owned();
    let said = spawn_blocking(move || {
        let mut file = File::open(log)?;
        file.seek(SeekFrom::Start(before))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        std::io::Result::Ok(String::from_utf8_lossy(&bytes).into_owned())
    });
    Ok(said.await??)
}

/// The last lines, to tell why a process ended. The messages between replicas are left out: there are many,
/// and none tells of that.
pub fn last_lines(said: &str) -> String {
    let lines: Vec<&str> = said.lines().filter(|line| !line.contains(transcript::TARGET)).collect();
    lines[lines.len().saturating_sub(LAST_LINES)..].join("\n")
}
