//! A report is one line on standard output, `::atoll:: {json}`, for the runner.

use std::io::Write;

/// Whether `cargo workshop check` runs this process, one test in each.
pub fn runner_listens() -> bool {
    std::env::var_os("ATOLL_CHECK").is_some_and(|value| value == "1")
}

/// One line for the runner, built field by field.
pub struct Report {
    kind: &'static str,
    fields: String,
    plain: Vec<String>,
}

impl Report {
    /// A report of this kind: promise, open, panic, snapshot or note.
    pub fn new(kind: &'static str) -> Self {
        Report { kind, fields: format!("\"kind\":{}", quoted(kind)), plain: Vec::new() }
    }

    /// Adds a text.
    pub fn text(mut self, name: &str, value: &str) -> Self {
        self.fields += &format!(",{}:{}", quoted(name), quoted(value));
        self.plain.push(value.to_owned());
        self
    }

    /// Adds a number.
    pub fn number(mut self, name: &str, value: u32) -> Self {
        self.fields += &format!(",{}:{value}", quoted(name));
        self
    }

    /// Prints the report; without a runner, only promises and notes, as plain lines.
    pub fn send(self) {
        if runner_listens() {
            // One write for the whole line: other threads print too. Standard output may be
            // closed, and a test must not fail for that.
            let line = format!("::atoll:: {{{}}}\n", self.fields);
            let mut out = std::io::stdout().lock();
            let _ = out.write_all(line.as_bytes()).and_then(|()| out.flush());
        } else if matches!(self.kind, "promise" | "note") {
            println!("{}: {}", self.kind, self.plain.join(" "));
        }
    }
}

/// A text as a JSON string. By hand, so that no attendee builds a JSON library for five reports.
fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c < ' ' => out += &format!("\\u{:04x}", u32::from(c)),
            c => out.push(c),
        }
    }
    out + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_what_json_asks_for() {
        assert_eq!(quoted("a \"b\"\\\n\u{1}é"), "\"a \\\"b\\\"\\\\\\u000a\\u0001é\"");
    }

    #[test]
    fn a_report_is_one_json_object() {
        let report = Report::new("note").text("text", "two\nlines").number("line", 7);
        assert_eq!(report.fields, r#""kind":"note","text":"two\u000alines","line":7"#);
    }
}
