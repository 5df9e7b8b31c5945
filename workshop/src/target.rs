//! Where cargo puts what it builds.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

/// The target folder of the workspace at `root`, as whoever typed the command has it.
pub fn folder(root: &Path) -> PathBuf {
    let named = ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR"].iter().find_map(env::var_os);
    match named.filter(|folder| !folder.is_empty()) {
        // From where the command was typed, as the cargo that has started this program takes it.
        Some(folder) => env::current_dir().unwrap_or_else(|_| root.to_owned()).join(folder),
        // Cargo takes a while to tell, and the settings of hardly anybody name it.
        None if settings(root).any(|text| text.contains("target-dir")) => {
            told(root).unwrap_or_else(|| root.join("target"))
        }
        None => root.join("target"),
    }
}

/// The settings that cargo reads when it is started in `root`.
fn settings(root: &Path) -> impl Iterator<Item = String> {
    let above = root.ancestors().map(|folder| folder.join(".cargo"));
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let folders = above.chain(home.or_else(|| Some(env::home_dir()?.join(".cargo"))));
    folders.flat_map(|folder| ["config.toml", "config"].map(|name| folder.join(name))).filter_map(|path| {
        // One that can't be read is cargo's to complain about.
        fs::read_to_string(path).ok()
    })
}

/// What cargo itself says.
fn told(root: &Path) -> Option<PathBuf> {
    #[derive(Deserialize)]
    struct Metadata {
        target_directory: PathBuf,
    }
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root).args(["metadata", "--no-deps", "--offline", "--format-version", "1"]);
    let output = cargo.output().ok()?;
    serde_json::from_slice::<Metadata>(&output.stdout).ok().map(|metadata| metadata.target_directory)
}
