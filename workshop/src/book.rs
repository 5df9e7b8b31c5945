//! `book`: the guides as a book in the browser, made by mdBook.

pub mod links;
mod pages;

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;

use crate::Done;
use crate::complete;
use crate::files;
use crate::run::hand_over;
use crate::workspace::Workspace;

/// The settings of mdBook: text stays as it is, and code is to be read.
const SETTINGS: &str = include_str!("book/book.toml");

const STYLE: &str = include_str!("book/atoll.css");

#[derive(Args)]
pub struct Options {
    /// Only make the files, do not serve and open them
    #[arg(long)]
    build: bool,
}

/// Makes the book, and serves it until somebody ends it.
pub fn book(workspace: &Workspace, options: &Options) -> Done {
    // mdBook passes over an include or a link that leads nowhere.
    complete::includes(workspace)?;
    links::check(workspace)?;
    let folder = workspace.target().join("book");
    make(workspace, &folder)?;
    installed()?;
    let mut mdbook = Command::new("mdbook");
    if options.build {
        let output = mdbook.arg("build").arg(&folder).output().context("cannot start mdbook")?;
        ensure!(
            output.status.success(),
            "mdbook failed:\n{}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
        println!("The book is in {}", folder.join("html/index.html").display());
        return Ok(true);
    }
    println!("The book is served until you press ctrl-c. After a change, start it again.");
    let status = hand_over(mdbook.args(["serve", "--open"]).arg(&folder)).context("cannot start mdbook")?;
    std::process::exit(status.code().unwrap_or(2))
}

/// Writes what mdBook makes a book of.
fn make(workspace: &Workspace, folder: &Path) -> Result<()> {
    if folder.exists() {
        // A page that is no more must not stay.
        fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    files::write(&folder.join("book.toml"), SETTINGS)?;
    files::write(&folder.join("atoll.css"), STYLE)?;
    pages::write(workspace, &folder.join("src"))
}

fn installed() -> Result<()> {
    let version =
        Command::new("mdbook").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    match version {
        Err(error) if error.kind() == ErrorKind::NotFound => bail!(
            "mdbook is not installed: cargo install mdbook --locked\n\
             It takes some minutes, once. The book holds nothing else than README.md, chapters/*/README.md and\n\
             TEACHING.md: plain Markdown, which any editor shows."
        ),
        version => version.map(drop).context("cannot start mdbook"),
    }
}
