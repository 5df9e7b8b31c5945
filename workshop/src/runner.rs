//! Running one test, in a process of its own.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

/// How long a test may take.
pub const LIMIT: Duration = Duration::from_secs(5);

/// What `kit/check` exits with when an open exercise is reached.
const OPEN: i32 = 102;

/// What marks a line as a report.
const MARK: &str = "::atoll:: ";

/// How many lines are kept of what a test prints, and how many reports.
const KEPT: usize = 400;

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
    let (stdout, stderr) = (heard(&stdout), heard(&stderr));

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

#[derive(Default)]
struct Heard {
    reports: Vec<String>,
    other: VecDeque<String>,
}

/// Reads to the end in a thread, so that a process that prints much never blocks.
fn listen(stream: Option<impl Read + Send + 'static>) -> Receiver<Heard> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut heard = Heard::default();
        for line in stream.map(BufReader::new).into_iter().flat_map(|reader| reader.split(b'\n')) {
            let Ok(line) = line else { break };
            let line = String::from_utf8_lossy(&line);
            // The test harness may have begun a line before the report.
            let (other, report) = match line.split_once(MARK) {
                Some((other, report)) => (other, Some(report)),
                None => (&*line, None),
            };
            heard.reports.extend(report.filter(|_| heard.reports.len() < KEPT).map(str::to_owned));
            if report.is_none() || !other.is_empty() {
                heard.other.push_back(other.trim_end().to_owned());
            }
            if heard.other.len() > KEPT {
                heard.other.pop_front();
            }
        }
        // Nobody may be waiting any more.
        let _ = sender.send(heard);
    });
    receiver
}

/// What was heard. A process that the test started and left behind may hold the stream open, so the wait has an end;
/// it is long, because on a busy machine a passed test is else taken for one that said nothing.
fn heard(receiver: &Receiver<Heard>) -> Heard {
    receiver.recv_timeout(LIMIT).unwrap_or_default()
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
