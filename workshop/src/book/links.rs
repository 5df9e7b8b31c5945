//! Links in our Markdown: where they are, and whether they lead anywhere.

use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use deck::Fence;

use crate::files;
use crate::workspace::Workspace;

/// A link or an image, by its places in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// All of it, with its brackets; none if it is an attribute of HTML.
    pub whole: Option<Range<usize>>,
    pub target: Range<usize>,
}

/// What a link leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goal {
    /// Another site.
    Elsewhere,
    /// A file of this repository, and a heading in it if the link names one.
    File { path: PathBuf, heading: Option<String> },
}

/// Follows every link of every text that people read. Fails with the first that leads nowhere.
pub fn check(workspace: &Workspace) -> Result<()> {
    for path in texts(workspace)? {
        let text = files::read(&path)?;
        for link in links(&text) {
            follow(workspace, &path, &text, &link)?;
        }
    }
    Ok(())
}

/// What is read as Markdown: all at the top, and the guides.
fn texts(workspace: &Workspace) -> Result<Vec<PathBuf>> {
    let top =
        ["README.md", "TEACHING.md", "CONTRIBUTING.md", "SECURITY.md"].map(|name| workspace.root.join(name));
    let mut found: Vec<PathBuf> = top.into_iter().filter(|path| path.exists()).collect();
    found.extend(files::below_with(&workspace.root.join("chapters"), &["md"])?);
    Ok(found)
}

/// Where a link of the file at `path` leads.
///
/// # Errors
/// With the line, if there is no such file, or no such heading in it.
pub fn follow(workspace: &Workspace, path: &Path, text: &str, link: &Link) -> Result<Goal> {
    let target = &text[link.target.clone()];
    let line = 1 + text[..link.target.start].matches('\n').count();
    let place = || format!("{}:{line}: the link to '{target}'", workspace.shown(path));
    if ["http://", "https://", "mailto:"].iter().any(|scheme| target.starts_with(scheme)) {
        return Ok(Goal::Elsewhere);
    }
    let (file, heading) = match target.split_once('#') {
        Some((file, heading)) => (file, Some(heading.to_owned())),
        None => (target, None),
    };
    let mut goal = match file {
        "" => path.to_owned(),
        _ => path.parent().unwrap_or(Path::new(".")).join(file),
    };
    if goal.is_dir() && goal.join("README.md").exists() {
        goal = goal.join("README.md");
    }
    let there = goal.canonicalize().ok().filter(|_| !file.starts_with('/'));
    let there = there.with_context(|| format!("{}: there is no such file", place()))?;
    let root = workspace.root.canonicalize()?;
    ensure!(there.starts_with(&root), "{}: it leads out of the repository", place());
    if let Some(heading) = &heading {
        let known = headings(&files::read(&there)?);
        if !known.contains(heading) {
            bail!("{}: there is no such heading; there are #{}", place(), known.join(", #"));
        }
    }
    Ok(Goal::File { path: workspace.root.join(files::relative(&there, &root)), heading })
}

/// All links of a text, in order: `[text](target)`, `![text](target)`, and what HTML names by `src` or `href`.
pub fn links(text: &str) -> Vec<Link> {
    let plain = without_code(text);
    let mut found = Vec::new();
    for (middle, _) in plain.match_indices("](") {
        let start = middle + 2;
        let Some(end) = plain[start..].find(')').map(|length| start + length) else { continue };
        let address = plain[start..end].split_whitespace().next().unwrap_or_default();
        let target = start..start + address.len();
        let whole = opening(&plain, middle).map(|opening| opening..end + 1);
        found.push(Link { whole, target });
    }
    for attribute in ["src=\"", "srcset=\"", "href=\""] {
        for (at, _) in plain.match_indices(attribute) {
            let start = at + attribute.len();
            let Some(length) = plain[start..].find('"') else { continue };
            found.push(Link { whole: None, target: start..start + length });
        }
    }
    found.sort_by_key(|link| link.target.start);
    found
}

/// Where the bracket opens that closes at `end`, with the `!` of an image.
fn opening(plain: &str, end: usize) -> Option<usize> {
    let mut depth = 0;
    let found = plain[..end].bytes().enumerate().rev().find_map(|(at, byte)| {
        match byte {
            b']' => depth += 1,
            b'[' if depth == 0 => return Some(at),
            b'[' => depth -= 1,
            _ => {}
        }
        None
    })?;
    Some(found - usize::from(plain[..found].ends_with('!')))
}

/// The names by which headings are linked to, as GitHub and mdBook make them.
pub fn headings(text: &str) -> Vec<String> {
    let plain = without_fences(text);
    let mut names: Vec<String> = Vec::new();
    for line in plain.lines() {
        let Some(title) = line.trim_start_matches('#').strip_prefix(' ').filter(|_| line.starts_with('#'))
        else {
            continue;
        };
        let letters = title.trim().chars().filter_map(|letter| match letter {
            letter if letter.is_alphanumeric() || letter == '_' || letter == '-' => Some(letter),
            letter if letter.is_whitespace() => Some('-'),
            _ => None,
        });
        let name: String = letters.flat_map(char::to_lowercase).collect();
        let more = (1..).map(|number| format!("{name}-{number}"));
        let free = std::iter::once(name.clone()).chain(more).find(|name| !names.contains(name));
        names.extend(free);
    }
    names
}

/// The text with blanks in place of code and comments, byte by byte.
fn without_code(text: &str) -> String {
    let mut plain = without_fences(text);
    let mut at = 0;
    while let Some(next) = plain[at..].find(['`', '<']).map(|next| at + next) {
        let rest = &plain[next..];
        let ticks = rest.len() - rest.trim_start_matches('`').len();
        let end = match ticks {
            0 if rest.starts_with("<!--") => rest.find("-->").map(|end| end + 3),
            0 => None,
            _ => closing(rest, ticks),
        };
        if let Some(end) = end {
            plain.replace_range(next..next + end, &blank(&plain[next..next + end]));
        }
        at = next + end.unwrap_or(ticks.max(1));
    }
    plain
}

/// Where code that begins with so many ticks ends; none when its paragraph ends before.
fn closing(rest: &str, ticks: usize) -> Option<usize> {
    let paragraph = rest.find("\n\n").unwrap_or(rest.len());
    let mut at = ticks;
    while let Some(next) = rest[at..paragraph].find('`').map(|next| at + next) {
        let run = rest[next..].len() - rest[next..].trim_start_matches('`').len();
        if run == ticks {
            return Some(next + run);
        }
        at = next + run;
    }
    None
}

fn without_fences(text: &str) -> String {
    let mut out = String::new();
    let mut fence: Option<Fence> = None;
    for line in text.split_inclusive('\n') {
        let inside = fence.is_some();
        fence = match fence {
            Some(open) if open.is_closed_by(line) => None,
            Some(open) => Some(open),
            None => Fence::opens(line),
        };
        let inside = inside || fence.is_some();
        match inside {
            true => out += &blank(line),
            false => out += line,
        }
    }
    out
}

fn blank(text: &str) -> String {
    text.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn targets(text: &str) -> Vec<&str> {
        links(text).into_iter().map(|link| &text[link.target]).collect()
    }

    #[test]
    fn links_and_images_are_found_and_code_is_not() {
        let text = "See [a `b`](one.md#x), ![map](two.png \"A map\") and <img src=\"three.svg\">.\n\
                    `[no](code)` and ``a ` [no](code)``, <!-- [no](comment) --> and a lone ` tick,\n\
                    [[1]](four)\n\n````text\n```\n[no](fence)\n```\n````\n[last](five)\n";
        assert_eq!(targets(text), ["one.md#x", "two.png", "three.svg", "four", "five"]);
        let wholes: Vec<_> = links(text).into_iter().filter_map(|link| Some(&text[link.whole?])).collect();
        assert_eq!(wholes[..2], ["[a `b`](one.md#x)", "![map](two.png \"A map\")"]);
        assert_eq!(wholes[2], "[[1]](four)");
    }

    #[test]
    fn headings_are_named_as_they_are_linked_to() {
        let text = "# 01 A `key`, apart?\n## Twice\n```\n# no\n```\n### Twice\n#hash\n";
        assert_eq!(headings(text), ["01-a-key-apart", "twice", "twice-1"]);
    }
}
