//! The regions of a source file that belong to exercises.
//!
//! ```text
//! // exercise 1.2: Stamp the write with the next version
//! //
//! // What to do and why, in prose. It ends at the first line that is no comment.
//! let version = self.clock.tick();
//! // end exercise 1.2
//! ```
//!
//! A further region of the exercise is headed `// exercise 1.2, continued: what to do here`.
//! In the starter a `todo!` replaces the code. If something is to be fixed instead, the starter's
//! own code follows the prose, behind bars that rustfmt leaves alone:
//!
//! ```text
//! // starter:
//! // | let version = 1;
//! // end starter
//! ```

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};

use crate::id::Id;

/// A region, as line numbers into its [`Source`], counted from 0.
#[derive(Debug)]
pub struct Region {
    pub id: Id,
    /// What follows the colon of the marker.
    pub title: String,
    pub continued: bool,
    /// The line of the marker.
    pub start: usize,
    /// The first line after the prose.
    prose_end: usize,
    /// The first line of code.
    pub code: usize,
    /// The line of the end marker.
    pub end: usize,
}

/// A source file and its regions.
#[derive(Debug)]
pub struct Source {
    lines: Vec<String>,
    pub regions: Vec<Region>,
}

/// What to put between the prose of a region and its end.
#[derive(Debug, Clone, Copy)]
pub enum Form<'a> {
    /// What the attendee starts with.
    Open,
    /// The solution's code.
    Solved,
    /// Other code, such as a mutant's.
    Code(&'a str),
}

/// The titles of exercises, from the first region of each.
pub type Titles = BTreeMap<Id, String>;

impl Source {
    /// Reads a file; an error says which line is at fault.
    pub fn parse(text: &str) -> Result<Source> {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let mut regions = Vec::new();
        let mut at = 0;
        while at < lines.len() {
            let line = lines[at].trim();
            if let Some(marker) = line.strip_prefix("// exercise ") {
                let region = read(&lines, at, marker).with_context(|| format!("line {}", at + 1))?;
                at = region.end;
                regions.push(region);
            } else if line.starts_with("// end exercise ") {
                bail!("line {}: '{line}' ends no exercise", at + 1);
            }
            at += 1;
        }
        Ok(Source { lines, regions })
    }

    /// The whole file with every region in the form that `form` gives.
    pub fn render<'a>(&self, titles: &Titles, form: impl Fn(&Region) -> Form<'a>) -> String {
        let mut out = String::new();
        let mut at = 0;
        for region in &self.regions {
            push(&mut out, &self.lines[at..region.start]);
            out += &self.region(region, titles, form(region));
            at = region.end + 1;
        }
        push(&mut out, &self.lines[at..]);
        out
    }

    /// One region with its markers, in the given form.
    pub fn region(&self, region: &Region, titles: &Titles, form: Form<'_>) -> String {
        let mut out = String::new();
        push(&mut out, &self.lines[region.start..region.prose_end]);
        match form {
            Form::Solved => push(&mut out, &self.lines[region.code..region.end]),
            Form::Code(code) => push_indented(&mut out, self.indent(region), code.lines()),
            Form::Open => match self.starter(region) {
                Some(starter) => push_indented(&mut out, self.indent(region), starter.lines()),
                None => {
                    let title = titles.get(&region.id).unwrap_or(&region.title).replace('\\', "\\\\");
                    let title = title.replace('"', "\\\"").replace('{', "{{").replace('}', "}}");
                    // The last of its block is its value; anything else is a statement.
                    let semicolon = if self.is_tail(region) { "" } else { ";" };
                    let todo = format!("todo!(\"exercise {}: {title}\"){semicolon}", region.id);
                    push_indented(&mut out, self.indent(region), [todo.as_str()]);
                }
            },
        }
        push(&mut out, &self.lines[region.end..=region.end]);
        out
    }

    /// The starter's own code of a region, if something is to be fixed.
    pub fn starter(&self, region: &Region) -> Option<String> {
        let barred = self.lines.get(region.prose_end + 1..region.code.checked_sub(1)?)?;
        let code = barred.iter().map(|line| unbarred(line).unwrap_or_default());
        Some(code.map(|line| format!("{line}\n")).collect())
    }

    /// The lines that belong to no exercise, with the first line of each region in its place.
    pub fn given(&self) -> String {
        let mut out = String::new();
        let mut at = 0;
        for region in &self.regions {
            push(&mut out, &self.lines[at..=region.start]);
            at = region.end + 1;
        }
        push(&mut out, &self.lines[at..]);
        out
    }

    /// The lines that begin and end its regions, in their order.
    pub fn marks(&self) -> impl Iterator<Item = &str> {
        let ends = self.regions.iter().flat_map(|region| [region.start, region.end]);
        ends.map(|line| self.lines[line].trim())
    }

    /// A region as it stands in this file.
    pub fn text(&self, region: &Region) -> String {
        self.lines[region.start..=region.end].join("\n") + "\n"
    }

    /// The code of a region as it stands in this file, without its markers and prose.
    pub fn code(&self, region: &Region) -> String {
        dedent(&self.lines[region.code..region.end])
    }

    /// The number of the line, from 1, where the region's work begins.
    pub fn line(&self, region: &Region) -> usize {
        let blank = self.lines[region.code..region.end].iter().take_while(|line| line.trim().is_empty());
        (region.code + blank.count()).min(region.end) + 1
    }

    fn is_tail(&self, region: &Region) -> bool {
        let next = self.lines[region.end + 1..].iter().map(|line| line.trim()).find(|line| !line.is_empty());
        next.is_some_and(|line| line.starts_with('}'))
    }

    fn indent(&self, region: &Region) -> &str {
        let line = &self.lines[region.start];
        &line[..line.len() - line.trim_start().len()]
    }
}

/// Whether a line, without its indentation, begins or ends a region.
pub fn is_mark(line: &str) -> bool {
    line.starts_with("// exercise ") || line.starts_with("// end exercise ")
}

/// The bytes of a file with one of its regions replaced by `text`. All others stay as they are, UTF-8 or not; the
/// text takes on the line ends that stand there.
pub fn spliced(bytes: &[u8], region: &Region, text: &str) -> Vec<u8> {
    let lines: Vec<&[u8]> = bytes.split_inclusive(|&byte| byte == b'\n').collect();
    let text = match lines[region.start].ends_with(b"\r\n") {
        true => text.replace('\n', "\r\n"),
        false => text.to_owned(),
    };
    [lines[..region.start].concat(), text.into_bytes(), lines[region.end + 1..].concat()].concat()
}

/// Lines without the indentation they have in common.
pub fn dedent(lines: &[impl AsRef<str>]) -> String {
    let filled = lines.iter().map(AsRef::as_ref).filter(|line: &&str| !line.trim().is_empty());
    let depth = filled.map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    lines.iter().map(|line| line.as_ref().get(depth..).unwrap_or_default().to_owned() + "\n").collect()
}

fn read(lines: &[String], start: usize, marker: &str) -> Result<Region> {
    let wanted = "an exercise starts with '// exercise 1.2: What to do'";
    let (id, title) = marker.split_once(": ").context(wanted)?;
    let (id, continued) = match id.strip_suffix(", continued") {
        Some(id) => (id, true),
        None => (id, false),
    };
    let id: Id = id.parse()?;
    let end_marker = format!("// end exercise {id}");
    let rest = lines[start + 1..].iter().map(|line| line.trim());
    let end = rest.take_while(|line| !line.starts_with("// exercise ")).position(|line| line == end_marker);
    let end = start + 1 + end.with_context(|| format!("the line '{end_marker}' is missing"))?;

    let is_prose = |line: &str| {
        line.starts_with("//")
            && !line.starts_with("///")
            && !line.starts_with("//!")
            && line != "// starter:"
    };
    let prose_end = (start..end).find(|&at| !is_prose(lines[at].trim())).unwrap_or(end);
    let mut code = prose_end;
    if lines[prose_end].trim() == "// starter:" {
        let close = (prose_end..end).find(|&at| lines[at].trim() == "// end starter");
        code = close.context("the line '// end starter' is missing")? + 1;
        let barred = lines[prose_end + 1..code - 1].iter().all(|line| unbarred(line).is_some());
        ensure!(barred, "each line of a starter begins with '// | '");
    }
    Ok(Region { id, title: title.to_owned(), continued, start, prose_end, code, end })
}

fn unbarred(line: &str) -> Option<&str> {
    let code = line.trim_start().strip_prefix("// |")?;
    Some(code.strip_prefix(' ').unwrap_or(code))
}

fn push(out: &mut String, lines: &[String]) {
    for line in lines {
        out.push_str(line);
        out.push('\n');
    }
}

fn push_indented<'a>(out: &mut String, indent: &str, lines: impl IntoIterator<Item = &'a str>) {
    for line in lines {
        if !line.is_empty() {
            out.push_str(indent);
            out.push_str(line);
        }
        out.push('\n');
    }
}

#[cfg(test)]
#[path = "region_tests.rs"]
mod tests;
