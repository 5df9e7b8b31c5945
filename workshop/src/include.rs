//! Code and snapshots in guides and slides: kept equal to the files that they come from.
//!
//! ````text
//! <!-- include: ../../kit/engine/src/lib.rs:update -->
//! ```rust
//! ```
//! <!-- end include -->
//! ````
//!
//! After the colon comes an exercise (`1.2`; `1.2 starter` for the code that its starter begins
//! with, if it is to be fixed), or a name that `// ANCHOR: name` and `// ANCHOR_END: name` enclose;
//! without a name the whole file is shown.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use crate::files;
use crate::id::Id;
use crate::region::{Region, Source, dedent};

const START: &str = "<!-- include: ";
const END: &str = "<!-- end include -->";

/// The Markdown text of the file at `path`, with every include as fresh as the file it names.
pub fn refresh(path: &Path, text: &str) -> Result<String> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut out = String::new();
    let mut lines = text.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        out += line;
        out.push('\n');
        let Some(target) = line.strip_prefix(START).and_then(|rest| rest.strip_suffix(" -->")) else {
            continue;
        };
        let place = || format!("{}:{}: include of {target}", path.display(), at + 1);
        let mut block = Vec::new();
        loop {
            let (_, line) = lines.next().with_context(|| format!("{}: no '{END}'", place()))?;
            if line == END {
                break;
            }
            ensure!(!line.starts_with(START), "{}: no '{END}'", place());
            block.push(line);
        }
        let wanted = included(folder, target).with_context(place)?;
        let fence = block.first().filter(|line| line.starts_with("```"));
        let fence = fence.with_context(|| format!("{}: a line such as '```rust' must follow", place()))?;
        let ticks: String = fence.chars().take_while(|&c| c == '`').collect();
        ensure!(!wanted.contains(&ticks), "{}: the text has a fence itself; use a longer one", place());
        out += &format!("{fence}\n{wanted}{ticks}\n{END}\n");
    }
    Ok(out)
}

/// The contents of a target such as `../src/lib.rs:1.2`.
fn included(folder: &Path, target: &str) -> Result<String> {
    let (file, name) = match target.rsplit_once(':') {
        Some((file, name)) => (file, Some(name)),
        None => (target, None),
    };
    let text = files::read(&folder.join(file))?;
    match name {
        None if file.ends_with(".snap") => Ok(snapshot(&text).to_owned() + "\n"),
        None => Ok(text.trim_end().to_owned() + "\n"),
        Some(name) => match (name.parse::<Id>(), name.strip_suffix(" starter").map(str::parse::<Id>)) {
            (Ok(id), _) => exercise(&text, id, |source, region| Some(source.code(region))),
            (_, Some(Ok(id))) => exercise(&text, id, Source::starter),
            _ => anchor(&text, name),
        },
    }
}

/// The contents of a snapshot file, as insta compares them: without its head, and trimmed.
pub fn snapshot(text: &str) -> &str {
    let body = text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
    body.map_or(text, |(_, body)| body).trim_end().trim_start_matches('\n')
}

fn exercise(text: &str, id: Id, code: impl Fn(&Source, &Region) -> Option<String>) -> Result<String> {
    let source = Source::parse(text)?;
    let regions: Vec<_> = source.regions.iter().filter(|region| region.id == id).collect();
    ensure!(!regions.is_empty(), "there is no exercise {id} in it");
    let codes: Vec<String> = regions.iter().filter_map(|region| code(&source, region)).collect();
    ensure!(!codes.is_empty(), "the starter of exercise {id} begins with no code of its own");
    Ok(codes.join("\n"))
}

fn anchor(text: &str, name: &str) -> Result<String> {
    let lines: Vec<&str> = text.lines().collect();
    let find = |word: &str| {
        let marker = format!("{word}: {name}");
        let is_marker = |line: &&str| line.trim().trim_start_matches(['/', '#', ' ']) == marker;
        let mut found = lines.iter().enumerate().filter(|(_, line)| is_marker(line)).map(|(at, _)| at);
        match (found.next(), found.next()) {
            (Some(at), None) => Ok(at),
            (None, _) => bail!("there is no '{marker}' in it"),
            (Some(_), Some(_)) => bail!("'{marker}' is in it more than once"),
        }
    };
    let (start, end) = (find("ANCHOR")?, find("ANCHOR_END")?);
    ensure!(start < end, "ANCHOR_END: {name} stands before its ANCHOR");
    let is_marker = |line: &str| {
        let line = line.trim().trim_start_matches(['/', '#', ' ']);
        line.starts_with("ANCHOR: ") || line.starts_with("ANCHOR_END: ")
    };
    let body: Vec<&str> = lines[start + 1..end].iter().copied().filter(|line| !is_marker(line)).collect();
    Ok(dedent(&body))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::PathBuf;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("workshop-include-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let code = "\
mod a {
    // ANCHOR: f
    fn f() {
        // exercise 1.1: Do it
        // Prose.
        // starter:
        // | f();
        // end starter
        g();
        // end exercise 1.1
    }
    // ANCHOR_END: f
}
";
        fs::write(folder.join("lib.rs"), code).unwrap();
        fs::write(folder.join("a.snap"), "---\nsource: x\n---\none\n\n---\ntwo\n").unwrap();
        folder
    }

    fn refreshed(name: &str, target: &str) -> Result<String> {
        let folder = folder(name);
        let text =
            format!("Before\n<!-- include: {target} -->\n```rust\nstale\n```\n<!-- end include -->\nAfter\n");
        let result = refresh(&folder.join("README.md"), &text);
        fs::remove_dir_all(folder).unwrap();
        result
    }

    #[test]
    fn an_exercise_an_anchor_and_a_snapshot() {
        let text = refreshed("exercise", "lib.rs:1.1").unwrap();
        assert_eq!(
            text,
            "Before\n<!-- include: lib.rs:1.1 -->\n```rust\ng();\n```\n<!-- end include -->\nAfter\n"
        );
        assert!(refreshed("starter", "lib.rs:1.1 starter").unwrap().contains("```rust\nf();\n```\n"));
        assert!(refreshed("anchor", "lib.rs:f").unwrap().contains("```rust\nfn f() {\n    // exercise 1.1"));
        assert!(refreshed("snap", "a.snap").unwrap().contains("```rust\none\n\n---\ntwo\n```\n"));
    }

    #[test]
    fn a_name_that_is_not_there_is_an_error_with_its_place() {
        for target in ["lib.rs:1.2", "lib.rs:1.2 starter", "lib.rs:g", "gone.rs"] {
            let error = format!("{:#}", refreshed("gone", target).unwrap_err());
            assert!(error.contains("README.md:2") && error.contains(target), "{error}");
        }
    }

    #[test]
    fn an_include_without_end_is_an_error() {
        let error = refresh(Path::new("a.md"), "<!-- include: a.rs -->\n```rust\n```\n").unwrap_err();
        assert!(error.to_string().contains("no '<!-- end include -->'"), "{error}");
    }
}
