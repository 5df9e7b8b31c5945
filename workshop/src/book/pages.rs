//! The pages of the book: the texts as they are, with links that lead to pages.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::book::links::{Goal, Link, follow, links};
use crate::chapter::Side;
use crate::files;
use crate::workspace::Workspace;

/// A page by the file it comes from.
pub struct Page {
    from: PathBuf,
    /// In the book: `01-single-node.md`.
    name: String,
    title: String,
}

/// Writes all pages, and what they show, into a folder.
pub fn write(workspace: &Workspace, folder: &Path) -> Result<()> {
    let pages = pages(workspace)?;
    let mut summary = String::from("# Summary\n");
    for page in &pages {
        let text = files::read(&page.from)?;
        let text = mended(workspace, &pages, folder, page, &text)?;
        files::write(&folder.join(&page.name), &text)?;
        summary += &match page.name.starts_with(|letter: char| letter.is_ascii_digit()) {
            true => format!("- [{}]({})\n", page.title, page.name),
            // The pages around the chapters; without blank lines they would be part of the list.
            false => format!("\n[{}]({})\n\n", page.title, page.name),
        };
    }
    files::write(&folder.join("SUMMARY.md"), &summary)
}

fn pages(workspace: &Workspace) -> Result<Vec<Page>> {
    let guides = workspace.chapters.iter().map(|chapter| {
        let name = format!("{}.md", chapter.folder);
        (chapter.dir(Side::Starter).join("README.md"), name)
    });
    let top = |from: &str, name: &str| (workspace.root.join(from), name.to_owned());
    let all =
        [top("README.md", "index.md")].into_iter().chain(guides).chain([top("TEACHING.md", "teaching.md")]);
    let page = |(from, name): (PathBuf, String)| {
        let text = files::read(&from)?;
        let title = text.lines().find_map(|line| line.strip_prefix("# "));
        let title = title.with_context(|| format!("{} has no heading", workspace.shown(&from)))?;
        Ok(Page { name, title: title.trim().to_owned(), from })
    };
    all.map(page).collect()
}

/// A page's text with every link as the book needs it. Images are copied; a file that is no page is named, not
/// linked, because who reads the book in a browser has no repository beside it.
fn mended(workspace: &Workspace, pages: &[Page], folder: &Path, page: &Page, text: &str) -> Result<String> {
    let mut edits = BTreeMap::new();
    for link in links(text) {
        let Goal::File { path, heading } = follow(workspace, &page.from, text, &link)? else { continue };
        let shown = workspace.shown(&path);
        let heading = heading.map_or_else(String::new, |heading| format!("#{heading}"));
        if let Some(goal) = pages.iter().find(|page| page.from == path) {
            edits.insert(link.target.start, (link.target, format!("{}{heading}", goal.name)));
        } else if is_image(text, &link) {
            let copy = folder.join(&shown);
            fs::create_dir_all(copy.parent().unwrap_or(folder))?;
            fs::copy(&path, &copy).with_context(|| format!("cannot copy {shown} to {}", copy.display()))?;
            edits.insert(link.target.start, (link.target, shown));
        } else if let Some(whole) = link.whole {
            let words = &text[whole.start + 1..link.target.start - 2];
            let named = words.trim_matches('`') == shown;
            let named = if named { format!("`{shown}`") } else { format!("{words} (`{shown}`)") };
            edits.insert(whole.start, (whole, named));
        } else {
            bail!("{}: {shown} is no page of the book; link to it in Markdown, not in HTML", page.name);
        }
    }
    let mut out = text.to_owned();
    for (range, with) in edits.into_values().rev() {
        out.replace_range(range, &with);
    }
    Ok(out)
}

fn is_image(text: &str, link: &Link) -> bool {
    match &link.whole {
        Some(whole) => text[whole.start..].starts_with('!'),
        None => !text[..link.target.start].ends_with("href=\""),
    }
}
