//! The support for the tests of a chapter.
//!
//! A test states what the code must do with [`promise`], shows what a person would want to look at
//! with [`snapshot!`], and adds what helps to replay it with [`note`]. `cargo workshop check` reads
//! these reports and explains a wrong answer; under plain `cargo test` they are ordinary output.

mod panics;
mod report;

use std::path::{Path, PathBuf};

use report::Report;

/// Says in plain words what the code must do; the first line of every test.
///
/// From here on an exercise that is still open ends the test with its own name,
/// in whichever thread or task it is reached, and every panic is reported.
pub fn promise(words: &str) {
    panics::install();
    Report::new("promise").text("text", words).send();
}

/// How many panics this thread has seen since it began, including those of its tasks.
///
/// A panic in a task only ends the task, so a test that only looks at answers may miss it.
pub fn panics() -> u32 {
    panics::seen()
}

/// Adds a line to the explanation of a wrong answer: the seed, or how to replay the run.
pub fn note(words: &str) {
    Report::new("note").text("text", words).send();
}

/// Compares a text with the snapshot of that name beside the test file.
///
/// The text must be the same in every run: no wall clock, no ports, no hash-map order.
#[macro_export]
macro_rules! snapshot {
    ($name:expr, $text:expr $(,)?) => {
        $crate::compare($name, &$text.to_string(), ::std::file!(), ::std::module_path!(), ::std::line!())
    };
}

/// Reports a snapshot and the place of its test, and compares it; [`snapshot!`] calls it.
///
/// The comparison is here and not in the macro, so that it is compiled once and not in every test.
#[doc(hidden)]
#[track_caller]
pub fn compare(name: &str, text: &str, file: &str, module: &str, line: u32) {
    let mut report = Report::new("snapshot").text("name", name).text("text", text);
    report = report.text("file", file).text("module", module).number("line", line);
    report.send();
    let mut settings = insta::Settings::clone_current();
    let folder = Path::new(file).parent().unwrap_or(Path::new(""));
    settings.set_snapshot_path(root().join(folder).join("snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let name = format!("{}__{name}", module.replace("::", "__"));
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// The folder that the names of source files start from: the workspace's.
fn root() -> PathBuf {
    // Cargo starts tests in the folder of their package; `.cargo/config.toml` and the runner name the workspace.
    std::env::var_os("INSTA_WORKSPACE_ROOT").map(PathBuf::from).unwrap_or_default()
}
