//! Building a chapter's tests with cargo, and reading what the compiler says.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::files;
use crate::term::Progress;

/// A built test program and the warnings of the chapters it is built from, or the errors of the compiler.
pub enum Build {
    Ready { program: PathBuf, warnings: Vec<Diagnostic> },
    Failed(Vec<Diagnostic>),
}

/// What the compiler says about a crate of this workspace.
#[derive(Debug)]
pub struct Diagnostic {
    /// As rustc renders it.
    pub text: String,
    /// The folder of the package, from the root: `chapters/01-single-node`.
    pub package: String,
    /// The file, from the root; empty where the compiler names none.
    pub file: String,
    /// Counted from 1.
    pub line: usize,
    is_error: bool,
}

#[derive(Deserialize)]
struct Message {
    reason: String,
    manifest_path: Option<PathBuf>,
    target: Option<Target>,
    message: Option<CompilerMessage>,
    executable: Option<PathBuf>,
    #[serde(default)]
    fresh: bool,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
    name: String,
}

#[derive(Deserialize)]
struct CompilerMessage {
    level: String,
    rendered: Option<String>,
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Span {
    file_name: String,
    line_start: usize,
    is_primary: bool,
}

/// Builds the test program `check` of a package in the workspace at `root`.
///
/// Fails when cargo cannot even start to compile, with what it says and what to do.
pub fn tests(root: &Path, target: &Path, package: &str, colour: bool) -> Result<Build> {
    let format = if colour { "json-diagnostic-rendered-ansi" } else { "json" };
    let mut cargo = cargo(root, target);
    cargo.args(["test", "--quiet", "--offline", "--package", package, "--test", "check", "--no-run"]);
    cargo.arg(format!("--message-format={format}"));
    let mut child =
        cargo.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().context("cannot start cargo")?;
    let stderr = child.stderr.take();
    let stderr = thread::spawn(move || {
        let mut text = String::new();
        // What cargo says beside its messages matters only when the build fails, and a part is better than nothing.
        let _ = stderr.map(|mut stderr| stderr.read_to_string(&mut text));
        text
    });

    let mut progress = Progress::after(Duration::from_millis(700));
    let (mut program, mut diagnostics, mut built) = (None, Vec::new(), 0);
    for line in child.stdout.take().map(BufReader::new).into_iter().flat_map(BufRead::lines) {
        let Ok(message) = serde_json::from_str::<Message>(&line.context("cannot read from cargo")?) else {
            continue;
        };
        if message.reason == "compiler-artifact" && !message.fresh {
            built += 1;
            let name = message.target.as_ref().map_or("", |target| &target.name);
            progress.show(&format!("building {package}: {built} crates so far, {name}"));
        }
        let is_test =
            message.target.as_ref().is_some_and(|target| target.kind == ["test"] && target.name == "check");
        if is_test && message.executable.is_some() {
            program = message.executable.clone();
        }
        diagnostics.extend(diagnostic(message, root));
    }
    progress.clear();
    let status = child.wait().context("cannot wait for cargo")?;
    let said = stderr.join().unwrap_or_default();

    let (errors, warnings): (Vec<_>, Vec<_>) = diagnostics.into_iter().partition(|each| each.is_error);
    match program {
        Some(program) if status.success() => Ok(Build::Ready { program, warnings }),
        _ if !errors.is_empty() => Ok(Build::Failed(errors)),
        _ => bail!("cargo cannot build {package}:\n{}\n{}", said.trim(), advice(&said)),
    }
}

/// A cargo that knows nothing of the cargo that may have started this program.
pub fn cargo(root: &Path, target: &Path) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if ["INSTA_", "CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|prefix| name.starts_with(prefix)) {
            cargo.env_remove(&*name);
        }
    }
    cargo.env("CARGO_TARGET_DIR", target);
    cargo
}

fn diagnostic(message: Message, root: &Path) -> Option<Diagnostic> {
    let said = message.message?;
    let is_error = said.level.starts_with("error");
    let span = said.spans.into_iter().find(|span| span.is_primary);
    // "aborting due to 2 previous errors" and its like have no place and say nothing new.
    if span.is_none()
        && said.rendered.as_deref().is_none_or(|text| text.contains("aborting due to") || !is_error)
    {
        return None;
    }
    let package = message.manifest_path.as_deref().and_then(Path::parent)?.strip_prefix(root).ok()?;
    let (file, line) = span.map_or_else(Default::default, |span| (span.file_name, span.line_start));
    let file = normal(&file);
    Some(Diagnostic { text: said.rendered?, package: files::relative(package, root), file, line, is_error })
}

/// A path with forward slashes and without `..`: `solutions/01/../../chapters/01` is `chapters/01`.
pub fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split(['/', '\\']) {
        match part {
            "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn advice(said: &str) -> &'static str {
    let missing =
        ["--offline was specified", "no matching package", "failed to download", "unable to update"];
    if missing.iter().any(|words| said.contains(words)) {
        "A dependency is not on this machine yet. With a network, run: cargo workshop doctor --fetch"
    } else if said.contains("No space left") {
        "The disk is full. `cargo clean` frees what builds have left."
    } else {
        "This is not about your code. To see what is wrong, run: cargo workshop doctor"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_the_same_from_either_side() {
        assert_eq!(
            normal("solutions/01-a/../../chapters/01-a/tests/check.rs"),
            "chapters/01-a/tests/check.rs"
        );
        assert_eq!(normal("chapters\\01-a\\src\\lib.rs"), "chapters/01-a/src/lib.rs");
        assert_eq!(normal("/abs/./x/../y"), "/abs/y");
    }
}
