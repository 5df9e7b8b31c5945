//! Building a chapter's tests with cargo, and reading what the compiler says.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use crate::diagnostic::{CompilerMessage, Diagnostic, diagnostic};
use crate::files;
use crate::fresh::{self, Artifact};
use crate::term::{self, Paint, Progress};
use crate::workspace::Workspace;

/// A built program and the warnings of the chapters it is built from, or the errors of the compiler.
pub enum Build {
    Ready { program: PathBuf, warnings: Vec<Diagnostic> },
    Failed(Vec<Diagnostic>),
}

/// The workspace that is built, and where what is built goes.
#[derive(Clone, Copy)]
struct Place<'a> {
    root: &'a Path,
    target: &'a Path,
}

/// How often a build begins again because files were saved while it ran.
const ATTEMPTS: usize = 3;

#[derive(Deserialize)]
struct Message {
    reason: String,
    package_id: Option<String>,
    manifest_path: Option<PathBuf>,
    target: Option<Target>,
    message: Option<CompilerMessage>,
    executable: Option<PathBuf>,
    #[serde(default)]
    filenames: Vec<PathBuf>,
    #[serde(default)]
    fresh: bool,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
    name: String,
    src_path: PathBuf,
}

/// Builds the test program `check` of a package in the workspace at `root`.
///
/// Fails when cargo cannot even start to compile, with what it says and what to do.
pub fn tests(root: &Path, target: &Path, package: &str, colour: bool) -> Result<Build> {
    let arguments = ["test", "--package", package, "--test", "check", "--no-run"];
    program(Place { root, target }, &arguments, ("test", "check"), colour)
}

/// Builds an example of a package in this profile, and returns its path.
pub fn example(workspace: &Workspace, package: &str, name: &str, profile: &str) -> Result<PathBuf> {
    let place = Place { root: &workspace.root, target: &workspace.target() };
    let arguments = ["build", "--package", package, "--example", name, "--profile", profile];
    match program(place, &arguments, ("example", name), Paint::stdout().0)? {
        Build::Ready { program, .. } => Ok(program),
        Build::Failed(errors) => {
            let texts: Vec<&str> = errors.iter().map(|error| error.text.trim_end()).collect();
            bail!("{package} does not compile:\n{}", texts.join("\n\n"))
        }
    }
}

/// Builds a program of the bytes that are there, whatever their times say.
fn program(place: Place<'_>, arguments: &[&str], wanted: (&str, &str), colour: bool) -> Result<Build> {
    let mut attempt = 1;
    loop {
        let chapters = place.root.join("chapters");
        let before = files::times(&chapters)?;
        let built = once(place, arguments, wanted, colour)?;
        let prints = fresh::prints(&built.artifacts)?;
        // Of what was saved meanwhile, nobody knows whether it was built or only looked at.
        let still = files::times(&chapters)? == before;
        let stale = if still { fresh::stale(&built.artifacts, &prints) } else { Vec::new() };
        if stale.is_empty() && (still || attempt == ATTEMPTS) {
            return built.outcome(arguments[2]);
        }
        ensure!(
            attempt < ATTEMPTS,
            "cargo does not build from the current files: {}\n`cargo clean` makes it start over",
            stale.iter().map(|stale| stale.package.as_str()).collect::<Vec<_>>().join(", ")
        );
        for file in stale.iter().flat_map(|stale| &stale.files) {
            // What is not there, cargo builds.
            files::remove(file)?;
        }
        attempt += 1;
    }
}

/// What a run of cargo came to.
struct Built {
    program: Option<PathBuf>,
    diagnostics: Vec<Diagnostic>,
    artifacts: Vec<Artifact>,
    success: bool,
    said: String,
}

impl Built {
    fn outcome(self, package: &str) -> Result<Build> {
        let (errors, warnings): (Vec<_>, Vec<_>) =
            self.diagnostics.into_iter().partition(|each| each.is_error);
        match self.program {
            Some(program) if self.success => Ok(Build::Ready { program, warnings }),
            _ if !errors.is_empty() => Ok(Build::Failed(errors)),
            _ => bail!("cargo cannot build {package}:\n{}\n{}", self.said.trim(), advice(&self.said)),
        }
    }
}

fn once(place: Place<'_>, arguments: &[&str], wanted: (&str, &str), colour: bool) -> Result<Built> {
    let format = if colour { "json-diagnostic-rendered-ansi" } else { "json" };
    let mut cargo = cargo(place.root, place.target);
    cargo.args(arguments).arg("--offline").arg(format!("--message-format={format}"));
    // Not quiet: its output says whether it waits for another cargo.
    cargo.env("CARGO_TERM_QUIET", "false").env("CARGO_TERM_COLOR", "never");
    let mut child =
        cargo.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().context("cannot start cargo")?;
    let stderr = child.stderr.take();
    let stderr = thread::spawn(move || stderr.map(listen).unwrap_or_default());

    let package = arguments[2];
    let mut progress = Progress::after(Duration::from_millis(700));
    let (mut program, mut diagnostics, mut artifacts, mut built) = (None, Vec::new(), Vec::new(), 0);
    for line in child.stdout.take().map(BufReader::new).into_iter().flat_map(BufRead::lines) {
        let Ok(message) = serde_json::from_str::<Message>(&line.context("cannot read from cargo")?) else {
            continue;
        };
        if message.reason == "compiler-artifact" && !message.fresh {
            built += 1;
            let name = message.target.as_ref().map_or("", |target| &target.name);
            progress.show(&format!("building {package}: {built} crates so far, {name}"));
        }
        let is_wanted = message
            .target
            .as_ref()
            .is_some_and(|target| target.kind == [wanted.0] && target.name == wanted.1);
        if is_wanted && message.executable.is_some() {
            program = message.executable.clone();
        }
        artifacts.extend(artifact(&message, place.root));
        if let (Some(said), Some(manifest)) = (message.message, &message.manifest_path) {
            diagnostics.extend(diagnostic(said, manifest, place.root));
        }
    }
    progress.clear();
    let success = child.wait().context("cannot wait for cargo")?.success();
    let said = stderr.join().unwrap_or_default();
    Ok(Built { program, diagnostics, artifacts, success, said })
}

/// Cargo's output besides its messages, without its progress; that it waits is shown at once.
fn listen(stderr: impl Read) -> String {
    let (mut said, mut told) = (String::new(), Vec::new());
    for line in BufReader::new(stderr).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line);
        if let Some(lock) = line.trim().strip_prefix("Blocking waiting for file lock on ") {
            if told.iter().any(|each| each == lock) {
                continue;
            }
            told.push(lock.to_owned());
            term::warn(&format!(
                "waiting for another cargo, which holds the {lock}: an editor that checks your code, or a build in \
                 another terminal. It goes on by itself."
            ));
        } else if !line.starts_with("   ") || !line.trim().starts_with(char::is_uppercase) {
            said += &line;
            said.push('\n');
        }
    }
    said
}

/// What was built of a package of this workspace.
fn artifact(message: &Message, root: &Path) -> Option<Artifact> {
    message.manifest_path.as_deref()?.strip_prefix(root).ok()?;
    Some(Artifact {
        package: message.package_id.clone()?,
        files: message.filenames.clone(),
        sources: message.target.as_ref()?.src_path.parent()?.to_owned(),
        built: !message.fresh,
        attendees: message.manifest_path.as_deref()?.starts_with(root.join("chapters")),
    })
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
