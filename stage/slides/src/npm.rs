//! The npm packages: reveal.js and the fonts, exactly as in the lock file.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

const PACKAGE: &str = include_str!("../theme/package.json");
const LOCK: &str = include_str!("../theme/package-lock.json");

/// Written last, so that an installation which was interrupted is done again.
const DONE: &str = "installed.json";

/// The folder with the packages, after `npm ci` if the lock file has changed.
///
/// # Errors
/// If npm is missing or fails; with what to do.
pub(crate) fn packages(out: &Path) -> Result<PathBuf> {
    let folder = out.join("npm");
    let modules = folder.join("node_modules");
    if fs::read_to_string(folder.join(DONE)).is_ok_and(|done| done == LOCK) {
        return Ok(modules);
    }
    let place = || format!("cannot write {}", folder.display());
    fs::create_dir_all(&folder).with_context(place)?;
    fs::write(folder.join("package.json"), PACKAGE).with_context(place)?;
    fs::write(folder.join("package-lock.json"), LOCK).with_context(place)?;
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let mut install = Command::new(npm);
    install.current_dir(&folder).args([
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]);
    install.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let running = match install.spawn() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => bail!(
            "there is no npm on this machine. The slides need it once, to fetch reveal.js and two fonts; \
             it comes with Node.js (https://nodejs.org). Then run this again"
        ),
        running => running.context("cannot start npm")?,
    };
    println!("npm ci: reveal.js and the fonts, into {}", folder.display());
    let output = running.wait_with_output().context("cannot wait for npm")?;
    if !output.status.success() {
        bail!(
            "npm could not fetch reveal.js and the fonts:\n{}\n\
             It needs a network the first time, and after a change of stage/slides/theme/package-lock.json",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    fs::write(folder.join(DONE), LOCK).with_context(place)?;
    Ok(modules)
}
