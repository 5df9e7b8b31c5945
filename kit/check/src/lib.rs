//! What the tests of a chapter stand on.
//!
//! A test says what it holds the code to with [`promise`], shows what a person
//! would want to look at with [`snapshot!`], and adds what helps to replay it
//! with [`note`]. `cargo workshop check` reads these reports and tells the story
//! of a wrong answer; under plain `cargo test` they are ordinary output.

mod panics;
mod report;

#[doc(hidden)]
pub use insta;

use report::Report;

/// Says in plain words what this test holds the code to; the first line of every test.
///
/// From here on an exercise that is still open ends the test with its own name,
/// in whichever thread or task it is reached, and every panic is reported.
pub fn promise(words: &str) {
    panics::install();
    Report::new("promise").text("text", words).send();
}

/// Adds a line to the story of a wrong answer: the seed, or how to replay the run.
pub fn note(words: &str) {
    Report::new("note").text("text", words).send();
}

/// Compares a text with the snapshot of that name beside the test file.
///
/// The text must be the same in every run: no wall clock, no ports, no hash-map order.
#[macro_export]
macro_rules! snapshot {
    ($name:expr, $text:expr $(,)?) => {{
        let text = ::std::string::ToString::to_string(&$text);
        $crate::saw($name, &text, ::std::file!(), ::std::module_path!(), ::std::line!());
        $crate::insta::assert_snapshot!($name, text);
    }};
}

/// Reports a snapshot and the place of its test; [`snapshot!`] calls it.
#[doc(hidden)]
pub fn saw(name: &str, text: &str, file: &str, module: &str, line: u32) {
    let mut report = Report::new("snapshot").text("name", name).text("text", text);
    report = report.text("file", file).text("module", module).number("line", line);
    report.send();
}
