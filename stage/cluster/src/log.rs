//! What the replicas' logs say.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;
use transcript::{TARGET, Transcript};

use crate::lines::log_file;
use crate::make::REPLICAS;

/// Errors and panics in the logs below `parent`, a line each.
///
/// # Errors
/// If a log cannot be read.
pub fn complaints(parent: &Path) -> Result<Vec<String>> {
    let mut complaints = Vec::new();
    for replica in REPLICAS {
        let log = read(parent, replica)?;
        let mut lines = log.lines();
        while let Some(line) = lines.next() {
            if complains(line) {
                // A panic says where it was, and then why.
                let why = if is_panic(line) { lines.next() } else { None };
                complaints.push(format!("replica {replica}: {line} {}", why.unwrap_or_default()));
            }
        }
    }
    Ok(complaints)
}

/// The messages between the replicas, from their logs below `parent`: only messages whose label
/// contains `about`. None if there are none.
///
/// # Errors
/// If a log cannot be read.
pub fn transcript(parent: &Path, about: &str) -> Result<Option<Transcript>> {
    let logs: Vec<String> =
        REPLICAS.into_iter().map(|replica| read(parent, replica)).collect::<Result<_>>()?;
    let lines: Vec<&str> = logs.iter().flat_map(|log| log.lines()).collect();
    let messages: Vec<&str> =
        lines.into_iter().filter(|line| line.contains(TARGET) && line.contains(about)).collect();
    Ok((!messages.is_empty()).then(|| Transcript::from_log(messages)))
}

/// The log of one replica; empty if it never ran.
fn read(parent: &Path, replica: u64) -> Result<String> {
    let path = log_file(parent, replica);
    let bytes = match fs::read(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
        bytes => bytes.with_context(|| format!("cannot read {}", path.display()))?,
    };
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A line that is no JSON comes from a panic, or from an error before the log was set up.
fn complains(line: &str) -> bool {
    match serde_json::from_str::<Value>(line) {
        Ok(line) => line["level"] == "ERROR",
        Err(_) => is_panic(line) || line.starts_with("error:"),
    }
}

fn is_panic(line: &str) -> bool {
    line.starts_with("thread '") && line.contains("panicked at")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_and_panics_are_complaints_and_warnings_are_none() {
        assert!(complains(r#"{"level":"ERROR","message":"equal versions, other bytes"}"#));
        assert!(complains("thread 'tokio-runtime-worker' panicked at src/lib.rs:1:1:"));
        assert!(!complains(r#"{"level":"WARN","message":"replica 2 panicked at noon"}"#));
        assert!(!complains("note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace"));
    }
}
