//! What the compiler says, and about which file.

use std::path::Path;

use serde::Deserialize;

use crate::files;

/// What the compiler says about a crate of this workspace.
#[derive(Debug)]
pub struct Diagnostic {
    /// As rustc renders it.
    pub text: String,
    /// The folder of the package, from the root: `chapters/01-single-node`.
    pub package: String,
    /// The file, from the root; empty if the compiler names none.
    pub file: String,
    /// Counted from 1.
    pub line: usize,
    pub is_error: bool,
}

#[derive(Deserialize)]
pub struct CompilerMessage {
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

/// What is told of it; `manifest` is that of the package it is about.
pub fn diagnostic(said: CompilerMessage, manifest: &Path, root: &Path) -> Option<Diagnostic> {
    let is_error = said.level.starts_with("error");
    let span = said.spans.into_iter().find(|span| span.is_primary);
    // "aborting due to 2 previous errors" and its like have no place and say nothing new.
    if span.is_none()
        && said.rendered.as_deref().is_none_or(|text| text.contains("aborting due to") || !is_error)
    {
        return None;
    }
    let package = manifest.parent()?.strip_prefix(root).ok()?;
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
