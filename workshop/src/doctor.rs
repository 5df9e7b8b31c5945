//! `doctor` and `start`: whether this machine has what the workshop needs.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::Done;
use crate::build::{self, Build};
use crate::files;
use crate::guide;
use crate::term::{Paint, fold};
use crate::workspace::Workspace;

/// Free space that builds of all chapters need, in MiB.
const SPACE: u64 = 2048;

/// What was looked at: how it is, or what to do about it.
type Finding = Result<String, String>;

/// Prepares everything, then says where to begin. Downloads only what is missing.
pub fn start(workspace: &Workspace) -> Done {
    if missing(workspace)?.is_some() {
        println!("Downloading the workshop's dependencies.");
        fetch(workspace)?;
    }
    let well = doctor(workspace, false)?;
    println!();
    guide::list(workspace, false)?;
    println!();
    guide::next(workspace)?;
    Ok(well)
}

/// Looks at the tools, the disk, the dependencies and the build; a line for each.
pub fn doctor(workspace: &Workspace, download: bool) -> Done {
    if download {
        fetch(workspace)?;
    }
    let paint = Paint::stdout();
    let mut well = true;
    let mut say = |finding: Finding| match finding {
        Ok(text) => println!("{}   {text}", paint.green("ok")),
        Err(text) => {
            well = false;
            println!("{}  {}", paint.red("fix"), fold(&text, "     ").trim());
        }
    };
    say(toolchain(workspace)?);
    if let Some(finding) = disk(workspace) {
        say(finding);
    }
    let missing = missing(workspace)?;
    let complete = missing.is_none();
    say(missing.map_or_else(|| Ok("lock file and dependencies are on this machine".into()), Err));
    if complete {
        for finding in builds(workspace) {
            say(finding);
        }
    }
    println!("\nExpected now: exercises that nobody has worked on are open, and `cargo workshop");
    println!("check` says so. That is normal. `cargo test` passes from the start.");
    Ok(well)
}

/// Whether rustc is at least what the workspace asks for.
fn toolchain(workspace: &Workspace) -> Result<Finding> {
    let found = rustc("release")?;
    let manifest: toml::Table = toml::from_str(&files::read(&workspace.root.join("Cargo.toml"))?)?;
    let package = manifest.get("workspace").and_then(|table| table.get("package"));
    let wanted =
        package.and_then(|table| table.get("rust-version")).and_then(toml::Value::as_str).unwrap_or("0");
    Ok(match version(&found) >= version(wanted) {
        true => Ok(format!("Rust {found}")),
        false => Err(format!("Rust is {found}, and {wanted} or later is needed: rustup update stable")),
    })
}

fn version(text: &str) -> Vec<u32> {
    text.split(['.', '-']).map_while(|part| part.parse().ok()).collect()
}

/// A line of what `rustc -vV` says.
fn rustc(field: &str) -> Result<String> {
    let output = Command::new("rustc")
        .arg("-vV")
        .output()
        .context("cannot start rustc; install Rust from rustup.rs")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(": "));
    Ok(line.with_context(|| format!("rustc does not report its {field}"))?.to_owned())
}

/// Whether there is room for what cargo builds; none if `df` cannot tell.
fn disk(workspace: &Workspace) -> Option<Finding> {
    let output = Command::new("df").arg("-Pk").arg(&workspace.root).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let free = text.lines().nth(1)?.split_whitespace().nth(3)?.parse::<u64>().ok()? / 1024;
    Some(match free >= SPACE {
        true => Ok(format!("{} GiB free on the disk", free / 1024)),
        false => Err(format!("{free} MiB free on the disk; the builds need {SPACE}")),
    })
}

/// What to do when an offline build would lack something; none when it lacks nothing.
fn missing(workspace: &Workspace) -> Result<Option<String>> {
    let mut cargo = build::cargo(&workspace.root, &workspace.target());
    cargo.args(["fetch", "--quiet", "--locked", "--offline", "--target", &rustc("host")?]);
    let output = cargo.output().context("cannot start cargo")?;
    let said = String::from_utf8_lossy(&output.stderr);
    Ok(match output.status.success() {
        true => None,
        false if said.contains("--locked") => {
            Some("Cargo.lock does not fit the manifests: git checkout -- Cargo.lock".into())
        }
        false => Some("some dependencies are not on this machine: cargo workshop doctor --fetch".into()),
    })
}

/// Downloads all that an offline build needs.
fn fetch(workspace: &Workspace) -> Result<()> {
    let mut cargo = build::cargo(&workspace.root, &workspace.target());
    let status =
        cargo.args(["fetch", "--locked"]).stdout(Stdio::null()).status().context("cannot start cargo")?;
    ensure!(
        status.success(),
        "the download failed; is there a network? Run the same command again to continue"
    );
    Ok(())
}

/// Builds the tests of each chapter just as `check` will, so that its first answer comes at once.
fn builds(workspace: &Workspace) -> impl Iterator<Item = Finding> {
    workspace.chapters.iter().map(|chapter| {
        let code = chapter.code();
        let package = chapter.package(crate::chapter::Side::Starter);
        match build::tests(&workspace.root, &workspace.target(), &package, false) {
            Ok(Build::Ready { .. }) => Ok(format!("chapter {code} is built")),
            Ok(Build::Failed(_)) => Ok(format!(
                "chapter {code}: your code does not compile yet; `cargo workshop check {code}` shows it"
            )),
            Err(error) => Err(format!("chapter {code}: {error:#}")),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_number() {
        assert!(version("1.100.0") > version("1.88"));
        assert!(version("1.95.0-nightly") > version("1.88"));
        assert!(version("1.70.0") < version("1.88"));
    }
}
