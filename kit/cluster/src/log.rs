//! What the replicas' logs tell.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;
use transcript::Transcript;

use crate::process::log_file;
use crate::schedule::REPLICAS;

/// Errors and panics in the logs below `parent`, a line each.
///
/// # Errors
/// Where a log cannot be read.
pub fn complaints(parent: &Path) -> Result<Vec<String>> {
    let mut complaints = Vec::new();
    for replica in REPLICAS {
        let lines = read(parent, replica)?;
        let complaining = lines.lines().filter(|line| complains(line));
        complaints.extend(complaining.map(|line| format!("replica {replica}: {line}")));
    }
    Ok(complaints)
}

/// What the replicas said to each other, as their logs below `parent` tell it: only messages whose label
/// contains `about`.
///
/// # Errors
/// Where a log cannot be read.
pub fn transcript(parent: &Path, about: &str) -> Result<Transcript> {
    let logs: Vec<String> =
        REPLICAS.into_iter().map(|replica| read(parent, replica)).collect::<Result<_>>()?;
    Ok(Transcript::from_log(logs.iter().flat_map(|log| log.lines()).filter(|line| line.contains(about))))
}

/// The log of one replica; empty where it never ran.
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
        Err(_) => line.contains("panicked at") || line.starts_with("error:"),
    }
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
