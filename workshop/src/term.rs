//! Terminal output, and what to leave out without a terminal.

use std::fmt::Arguments;
use std::io::{Error, ErrorKind, IsTerminal, Write, stderr, stdin, stdout};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

/// In place of std's: output that can't be written is no panic, and is not passed over either.
macro_rules! print {
    ($($text:tt)*) => { $crate::term::out(format_args!($($text)*)) };
}

/// See [`print!`].
macro_rules! println {
    () => { $crate::term::out(format_args!("\n")) };
    ($($text:tt)*) => { $crate::term::out(format_args!("{}\n", format_args!($($text)*))) };
}

/// What kept the last output from being written.
static FAILED: Mutex<Option<Error>> = Mutex::new(None);

/// Writes to standard output, up to the first failure.
pub fn out(text: Arguments<'_>) {
    if cfg!(test) {
        // Only std's own is kept away from the words of the test harness.
        return std::print!("{text}");
    }
    let Ok(mut failed) = FAILED.lock() else { return };
    if failed.is_none() {
        *failed = stdout().lock().write_fmt(text).err();
    }
}

/// Whether all of it could be written. Whoever reads it may have seen enough, as `head` does; that is no failure.
pub fn written() -> Result<()> {
    let failed = FAILED.lock().ok().and_then(|mut failed| failed.take());
    match failed.or_else(|| stdout().flush().err()) {
        Some(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(error).context("not all of the output could be written")
        }
        _ => Ok(()),
    }
}

/// Whether nobody reads the output any more.
pub fn is_over() -> bool {
    FAILED.lock().is_ok_and(|failed| failed.is_some())
}

/// The width that texts are folded to.
const WIDTH: usize = 80;

/// In less than this nothing can be read, however it is folded.
const NARROW: usize = 30;

/// Colours, or none: only on a terminal, and not when `NO_COLOR` is set.
#[derive(Debug, Clone, Copy)]
pub struct Paint(pub bool);

impl Paint {
    /// For what goes to standard output.
    pub fn stdout() -> Paint {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Paint(stdout().is_terminal() && !refused && !is_dumb())
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

/// Whether the terminal can do nothing but write lines.
pub fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}

/// How wide a text may be: as the page, or as a terminal that is narrower. Some say that they have no width at all.
pub fn width() -> usize {
    let columns = || crossterm::terminal::size().map_or(0, |(columns, _)| usize::from(columns));
    let columns = if stdout().is_terminal() || stderr().is_terminal() { columns() } else { 0 };
    if (NARROW..WIDTH).contains(&columns) { columns } else { WIDTH }
}

/// Folds prose at spaces to the width of the page; every line starts with `indent`.
pub fn fold(text: &str, indent: &str) -> String {
    let width = width();
    let mut out = String::new();
    for paragraph in text.trim().lines() {
        let mut line = String::from(indent);
        for word in paragraph.split_whitespace() {
            if line.len() > indent.len() && line.chars().count() + word.chars().count() + 1 > width {
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

/// A progress line on standard error, which disappears when it is done.
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
        if stderr().is_terminal() && !is_dumb() && self.started.elapsed() >= self.patience {
            let text: String = text.chars().take(width() - 1).collect();
            let _ = write!(stderr(), "\r\x1b[2K{text}").and_then(|()| stderr().flush());
            self.shown = true;
        }
    }

    /// Takes the line away.
    pub fn clear(&mut self) {
        if self.shown {
            let _ = write!(stderr(), "\r\x1b[2K").and_then(|()| stderr().flush());
            self.shown = false;
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Asks, if there is a terminal; anything but y means no.
pub fn confirm(what: &str) -> Result<bool> {
    ensure!(
        stdin().is_terminal() && stdout().is_terminal(),
        "{what}\nThere is no terminal to ask on; add --yes to do it"
    );
    print!("{}Go on? [y/N] ", fold(what, ""));
    let _ = stdout().flush();
    let mut answer = String::new();
    stdin().read_line(&mut answer).context("cannot read from the terminal")?;
    Ok(answer.trim().eq_ignore_ascii_case("y"))
}

/// Says something beside what was asked for. When even that can't be written, there is nobody to tell.
pub fn warn(text: &str) {
    let _ = writeln!(stderr(), "note: {text}");
}

/// Says what keeps a command from being done.
pub fn error(error: &anyhow::Error) {
    let _ = writeln!(stderr(), "error: {error:#}");
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
