//! A deck on paper, printed by a browser.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::build::Built;

const NAMES: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/// Prints a page to a PDF beside it, and tells where.
///
/// # Errors
/// If there is no Chromium, or it fails.
pub fn pdf(built: &Built) -> Result<PathBuf> {
    let page = std::path::absolute(&built.path).context("cannot tell where the page is")?;
    let path = page.with_extension("pdf");
    let profile = page.with_extension("profile");
    // What an earlier run printed must not pass for this one's.
    let _ = std::fs::remove_file(&path);
    for name in NAMES {
        let printed = print(name, &page, &path, &profile);
        let _ = std::fs::remove_dir_all(&profile);
        match printed {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error).with_context(|| format!("cannot start {name}")),
            Ok(output) => {
                let said = String::from_utf8_lossy(&output.stderr);
                let pages = std::fs::read(&path).map_or(0, |pdf| pages(&pdf));
                let (slides, place) = (built.slides, path.display());
                let whole = output.status.success() && pages == slides;
                ensure!(whole, "{name} printed {pages} of {slides} slides to {place}:\n{said}");
                return Ok(path);
            }
        }
    }
    bail!(
        "there is no Chromium or Chrome on this machine to print with; \
         install one, or open {}?print-pdf in a browser and print it to a file there",
        built.path.display()
    )
}

fn print(name: &str, page: &Path, pdf: &Path, profile: &Path) -> std::io::Result<std::process::Output> {
    let mut browser = Command::new(name);
    browser.args(["--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking"]);
    browser.args(["--no-pdf-header-footer", "--virtual-time-budget=10000"]);
    browser.arg(format!("--user-data-dir={}", profile.display()));
    browser.arg(format!("--print-to-pdf={}", pdf.display()));
    // A browser refuses its sandbox to root, as whom a container runs.
    browser.args(is_roots(page).then_some("--no-sandbox"));
    browser.arg(format!("file://{}?print-pdf", page.display())).output()
}

/// Whether root wrote a file; of one just written that tells who runs this.
#[cfg(unix)]
fn is_roots(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|file| std::os::unix::fs::MetadataExt::uid(&file) == 0)
}

#[cfg(not(unix))]
fn is_roots(_: &Path) -> bool {
    false
}

/// How many pages a PDF of Chromium has: of each it says so in plain text.
fn pages(pdf: &[u8]) -> usize {
    let page = b"/Type /Page";
    pdf.windows(page.len() + 1).filter(|part| part.starts_with(page) && part[page.len()] != b's').count()
}
