//! What is printed on the terminal, and what is not when there is none.

use std::io::{IsTerminal, Write, stderr, stdout};
use std::time::{Duration, Instant};

/// The width that texts are folded to.
pub const WIDTH: usize = 80;

/// Colours, or none: only on a terminal, and not when `NO_COLOR` is set.
#[derive(Debug, Clone, Copy)]
pub struct Paint(pub bool);

impl Paint {
    /// For what goes to standard output.
    pub fn stdout() -> Paint {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        Paint(stdout().is_terminal() && !refused && !dumb)
    }

    pub fn bold(self, text: &str) -> String {
        self.with("1", text)
    }

    pub fn dim(self, text: &str) -> String {
        self.with("2", text)
    }

    pub fn red(self, text: &str) -> String {
        self.with("31", text)
    }

    pub fn green(self, text: &str) -> String {
        self.with("32", text)
    }

    pub fn yellow(self, text: &str) -> String {
        self.with("33", text)
    }

    fn with(self, code: &str, text: &str) -> String {
        if self.0 { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// Folds prose at spaces to the width of the page; every line starts with `indent`.
pub fn fold(text: &str, indent: &str) -> String {
    let mut out = String::new();
    for paragraph in text.trim().lines() {
        let mut line = String::from(indent);
        for word in paragraph.split_whitespace() {
            if line.len() > indent.len() && line.chars().count() + word.chars().count() + 1 > WIDTH {
                out += line.trim_end();
                out.push('\n');
                line = String::from(indent);
            }
            if line.len() > indent.len() {
                line.push(' ');
            }
            line += word;
        }
        out += line.trim_end();
        out.push('\n');
    }
    out
}

/// Each line of a text behind `indent`, as it is.
pub fn indent(text: &str, indent: &str) -> String {
    text.trim_end().lines().map(|line| format!("{indent}{line}").trim_end().to_owned() + "\n").collect()
}

/// A line on standard error that says what goes on and goes away when it is done.
pub struct Progress {
    started: Instant,
    shown: bool,
    patience: Duration,
}

impl Progress {
    /// Shows nothing before `patience` has passed, so that what is quick does not flicker.
    pub fn after(patience: Duration) -> Progress {
        Progress { started: Instant::now(), shown: false, patience }
    }

    /// Replaces the line; without a terminal nothing is shown.
    pub fn show(&mut self, text: &str) {
        if stderr().is_terminal() && self.started.elapsed() >= self.patience {
            let text: String = text.chars().take(WIDTH - 1).collect();
            eprint!("\r\x1b[2K{text}");
            let _ = stderr().flush();
            self.shown = true;
        }
    }

    /// Takes the line away.
    pub fn clear(&mut self) {
        if self.shown {
            eprint!("\r\x1b[2K");
            let _ = stderr().flush();
            self.shown = false;
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Says something beside what was asked for. When even that can't be written, there is nobody to tell.
pub fn warn(text: &str) {
    let _ = writeln!(stderr(), "note: {text}");
}

/// Takes away the two lines that `cargo run` prints before it starts this program.
pub fn erase_cargo_lines() {
    let by_cargo = std::env::var_os("CARGO_PKG_NAME").is_some_and(|name| name == "workshop");
    let quiet = std::env::var_os("CARGO_TERM_QUIET").is_some();
    if by_cargo && !quiet && stderr().is_terminal() {
        let columns = crossterm::terminal::size().map_or(WIDTH, |(columns, _)| usize::from(columns).max(1));
        // "     Running `target/debug/workshop check 1.2`" may be folded by the terminal.
        let running: usize = std::env::args().map(|arg| arg.chars().count() + 1).sum::<usize>() + 14;
        for _ in 0..1 + running.div_ceil(columns) {
            eprint!("\x1b[1A\x1b[2K");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_folded_and_no_word_is_lost() {
        let text = "word ".repeat(40);
        let folded = fold(&text, "  ");
        assert!(folded.lines().all(|line| line.starts_with("  word") && line.len() <= WIDTH), "{folded}");
        assert_eq!(folded.split_whitespace().count(), 40);
    }

    #[test]
    fn without_colour_there_are_no_escape_codes() {
        assert_eq!(Paint(false).red("a"), "a");
        assert_eq!(Paint(true).red("a"), "\x1b[31ma\x1b[0m");
    }
}
