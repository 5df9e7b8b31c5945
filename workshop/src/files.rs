//! Reading, writing and fingerprinting files.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result};

/// Reads a text; the error names the file.
pub fn read(path: &Path) -> Result<String> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let text = String::from_utf8(bytes).with_context(|| format!("{} is not UTF-8", path.display()))?;
    // An editor may have turned line ends; what a file means does not depend on them.
    Ok(if text.contains('\r') { text.replace("\r\n", "\n") } else { text })
}

/// Reads a text that may not be there, and may hold any bytes: invalid UTF-8 shows as U+FFFD.
pub fn read_if_there(path: &Path) -> Result<Option<String>> {
    Ok(bytes_if_there(path)?.as_deref().map(text))
}

/// Bytes as the text that they most likely are.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace("\r\n", "\n")
}

/// Reads a file that may not be there; a folder is none, nor is a link that leads to one or nowhere.
pub fn bytes_if_there(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if is_absent(&error) || error.kind() == io::ErrorKind::IsADirectory => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Writes a file in one step: nobody ever sees half of it, and a failure leaves the old one.
pub fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let name = path.file_name().and_then(OsStr::to_str).unwrap_or("file");
    let beside = folder.join(format!(".{name}.{}.new", std::process::id()));
    let all = || -> io::Result<()> {
        fs::create_dir_all(folder)?;
        fs::write(&beside, bytes)?;
        fs::rename(&beside, path)
    };
    all()
        .inspect_err(|_| drop(fs::remove_file(&beside)))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// Writes a text unless it is there already, so that cargo sees no change if there is none.
pub fn write_if_changed(path: &Path, text: &str) -> Result<bool> {
    let changed = read_if_there(path)?.as_deref() != Some(text);
    if changed {
        write(path, text)?;
    }
    Ok(changed)
}

/// Removes a file, which may be gone already; the error names it.
pub fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if !is_absent(&error) => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        _ => Ok(()),
    }
}

/// All files below a folder, sorted, without hidden ones; a folder that isn't there has none. A link counts as a
/// file, wherever it leads: following one may never end.
pub fn below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        if !folder.exists() {
            continue;
        }
        let entries = fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
        for entry in entries {
            let entry = entry?;
            let (path, kind) = (entry.path(), entry.file_type()?);
            let hidden = path.file_name().and_then(OsStr::to_str).is_none_or(|name| name.starts_with('.'));
            if hidden {
                continue;
            } else if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() || kind.is_symlink() {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Files below a folder with one of these extensions.
pub fn below_with(folder: &Path, extensions: &[&str]) -> Result<Vec<PathBuf>> {
    let mut found = below(folder)?;
    found.retain(|path| path.extension().and_then(OsStr::to_str).is_some_and(|e| extensions.contains(&e)));
    Ok(found)
}

/// Sources with their times and sizes; none of one that has gone meanwhile.
pub type Times = BTreeMap<PathBuf, Option<(SystemTime, u64)>>;

/// The times of all that a build of this folder reads. What editors put beside a file, such as locks and swap files, is
/// hidden or has another ending.
pub fn times(folder: &Path) -> Result<Times> {
    let about = |path: PathBuf| {
        let about = fs::metadata(&path).and_then(|about| Ok((about.modified()?, about.len()))).ok();
        (path, about)
    };
    Ok(below_with(folder, &["rs", "toml"])?.into_iter().map(about).collect())
}

/// A path from `folder`, with forward slashes on every system.
pub fn relative(path: &Path, folder: &Path) -> String {
    let path = path.strip_prefix(folder).unwrap_or(path);
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

/// The FNV-1a hash of a text, 64 bits: notices an edit, and promises nothing against forgery.
pub fn fingerprint(text: &str) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in text.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    }
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprint_is_fnv_1a() {
        assert_eq!(fingerprint(""), "cbf29ce484222325");
        assert_eq!(fingerprint("a"), "af63dc4c8601ec8c");
        assert_eq!(fingerprint("foobar"), "85944171f73967e8");
    }
}
