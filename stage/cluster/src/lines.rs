//! The log of one replica.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use anyhow::Result;
use serde_json::Value;
use tokio::task::spawn_blocking;

/// How many log lines to show for why a process ended.
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

/// The last lines, to show why a process ended. The messages between replicas are left out: there
/// are many, and none of them shows it.
pub fn last_lines(said: &str) -> String {
    let lines: Vec<&str> = said.lines().filter(|line| !line.contains(transcript::TARGET)).collect();
    let last = lines[lines.len().saturating_sub(LAST_LINES)..].iter();
    last.map(|line| in_words(line)).collect::<Vec<_>>().join("\n")
}

/// A line of a log as a person reads it. One that is no JSON comes from a panic, or from before the log was set up.
fn in_words(line: &str) -> String {
    let Ok(Value::Object(said)) = serde_json::from_str(line) else { return line.to_owned() };
    let text = |name| said.get(name).and_then(Value::as_str).unwrap_or_default();
    let aside = ["timestamp", "level", "message", "target", "span", "spans"];
    let fields = said.iter().filter(|(name, _)| !aside.contains(&name.as_str()));
    let fields: String = fields.map(|(name, value)| format!(" {name}={value}")).collect();
    format!("{} {}{fields}", text("level"), text("message"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_are_told_in_words() {
        let mut said =
            "{\"timestamp\":\"t\",\"level\":\"DEBUG\",\"target\":\"atoll::messages\"}\n".repeat(20);
        said +=
            "{\"timestamp\":\"t\",\"level\":\"WARN\",\"message\":\"slow\",\"took\":7,\"target\":\"store\"}\n";
        said += "error: the directory is in use\n";
        assert_eq!(last_lines(&said), "WARN slow took=7\nerror: the directory is in use");
    }
}
