//! Running one test, in its own process.

use std::collections::VecDeque;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::heard::listen;

/// How long a test may take.
pub const LIMIT: Duration = Duration::from_secs(5);

/// What `kit/check` exits with when an open exercise is reached.
const OPEN: i32 = 102;

/// What a test reports about itself; `kit/check` writes them.
#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Report {
    Promise { text: String },
    Note { text: String },
    Open { exercise: String, file: String, line: usize },
    Panic { message: String, thread: String, file: String, line: usize },
    Snapshot { name: String, text: String, file: String, module: String, line: usize },
}

/// How a test ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Passed,
    Failed,
    Open,
    NoAnswer,
}

/// A test that ran.
#[derive(Debug)]
pub struct Run {
    pub test: String,
    pub end: End,
    pub status: Option<ExitStatus>,
    pub reports: Vec<Report>,
    /// The last lines that the code under test printed.
    pub printed: Vec<String>,
}

/// The names of all tests in a program.
pub fn list(program: &Path, dir: &Path) -> Result<Vec<String>> {
    let mut list = Command::new(program);
    list.args(["--list", "--format", "terse"]).current_dir(dir).stdin(Stdio::null());
    let output = list.output().with_context(|| format!("cannot start {}", program.display()))?;
    ensure!(output.status.success(), "{} does not list its tests", program.display());
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().filter_map(|line| line.strip_suffix(": test")).map(str::to_owned).collect())
}

/// Runs one test; it is ended when it takes longer than [`LIMIT`].
pub fn run(program: &Path, dir: &Path, root: &Path, test: &str) -> Result<Run> {
    let mut command = Command::new(program);
    command.args([test, "--exact", "--nocapture", "--test-threads=1", "--color=never"]).current_dir(dir);
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if ["INSTA_", "CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|prefix| name.starts_with(prefix)) {
            command.env_remove(&*name);
        }
    }
    command.env("INSTA_UPDATE", "no").env("INSTA_FORCE_PASS", "0").env("INSTA_OUTPUT", "none");
    command.env("INSTA_WORKSPACE_ROOT", root).env("CARGO_MANIFEST_DIR", dir);
    // A backtrace costs a tenth of a second; the reports name the place.
    command.env("RUST_BACKTRACE", "0").env("ATOLL_CHECK", "1");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("cannot start {}", program.display()))?;
    drop(command);

    let stdout = listen(child.stdout.take());
    let stderr = listen(child.stderr.take());
    let status = wait(&mut child).with_context(|| format!("cannot wait for {test}"))?;
    // Long, because on a busy machine a passed test is else taken for one that said nothing.
    let until = Instant::now() + LIMIT;
    let (stdout, stderr) = (stdout.heard(until), stderr.heard(until));

    let passed = stdout.other.iter().any(|line| line.starts_with("test result: ok. 1 passed"));
    let end = match status {
        None => End::NoAnswer,
        // Success alone says little: the code under test may have called `exit`.
        Some(status) if status.success() && passed => End::Passed,
        Some(status) if status.code() == Some(OPEN) => End::Open,
        Some(_) => End::Failed,
    };
    let reports = stdout.reports.iter().filter_map(|text| serde_json::from_str(text).ok()).collect();
    let printed = own_words(stdout.other, test).chain(stderr.other).collect();
    Ok(Run { test: test.to_owned(), end, status, reports, printed })
}

/// The status, or none when the time was up and the process was ended.
fn wait(child: &mut Child) -> std::io::Result<Option<ExitStatus>> {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if started.elapsed() > LIMIT {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// What the code under test printed, without the words of the test harness.
fn own_words(lines: VecDeque<String>, test: &str) -> impl Iterator<Item = String> {
    let begin = format!("test {test} ...");
    let verdict = |line: &str| matches!(line, "ok" | "FAILED") || line.starts_with("test result: ");
    let mut over = false;
    lines.into_iter().filter_map(move |line| {
        let line = line.strip_prefix(&begin).unwrap_or(&line).trim_end().to_owned();
        over |= verdict(&line);
        (!over && !line.is_empty() && !line.starts_with("running ")).then_some(line)
    })
}
