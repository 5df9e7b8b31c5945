//! The files of a LevelDB directory as LevelDB sees them: written with care, and checked when read.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use rusty_leveldb::env::RandomAccess;

use super::disk::Disk;
use super::sums::{PAGE, Sums};
use crate::Error;

/// What a file is for, by its name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Rows in order; written once.
    Table,
    /// Which tables there are; grows.
    Manifest,
    /// Batches that are in no table yet; grows.
    Log,
    /// CURRENT, which names the manifest, and what is on the way to become it.
    Other,
}

impl Kind {
    pub fn of(file: &Path) -> Self {
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        match name.rsplit_once('.') {
            Some((_, "ldb")) => Self::Table,
            Some((_, "log")) => Self::Log,
            None if name.starts_with("MANIFEST-") => Self::Manifest,
            _ => Self::Other,
        }
    }
}

/// A file that LevelDB writes.
///
/// When `flush` returns, all before it is on disk, and whatever it relies on. A table is relied on when the manifest
/// names it, so its own name may wait until then; a file of kind [`Kind::Other`] when it is renamed.
pub struct Writer {
    disk: Disk,
    file: File,
    path: PathBuf,
    /// For tables and manifests. A log gets its sums when it is complete, at the close: a sync a write is enough.
    sums: Option<Sums>,
}

impl Writer {
    pub fn create(disk: Disk, path: &Path) -> io::Result<Self> {
        let sums = matches!(Kind::of(path), Kind::Table | Kind::Manifest).then(Sums::default);
        let file = File::create(path)?;
        disk.new_name();
        Ok(Self { disk, file, path: path.to_owned(), sums })
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let room = self.disk.take_space(bytes.len());
        self.file.write_all(&bytes[..room])?;
        if room < bytes.len() {
            return Err(ErrorKind::StorageFull.into());
        }
        if let Some(sums) = &mut self.sums {
            sums.extend(bytes);
        }
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        match Kind::of(&self.path) {
            Kind::Table => self.file.sync_data()?,
            Kind::Manifest | Kind::Log => {
                self.disk.sync_names()?;
                self.file.sync_data()?;
            }
            Kind::Other => {}
        }
        self.sums.as_ref().map_or(Ok(()), |sums| self.disk.write_sums(&self.path, sums))
    }
}

impl Write for Writer {
    /// Never writes less than asked: LevelDB takes no notice when a write is short.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.disk.refuse_after_failure()?;
        match self.append(bytes) {
            Ok(()) => Ok(bytes.len()),
            Err(cause) => Err(self.disk.fail("write", &self.path, cause)),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.disk.refuse_after_failure()?;
        self.sync().map_err(|cause| self.disk.fail("sync", &self.path, cause))
    }
}

/// A table that LevelDB reads, each page checked against its sum.
pub struct Table {
    disk: Disk,
    file: File,
    path: PathBuf,
    sums: Sums,
}

impl Table {
    pub fn open(disk: Disk, path: &Path) -> Result<Self, Error> {
        let refused = |cause| Error::io("read", path, &cause);
        let file = File::open(path).map_err(refused)?;
        let len = file.metadata().map_err(refused)?.len();
        let sums = disk.read_sums(path)?.ok_or_else(|| missing_sums(path))?;
        if len != sums.len() as u64 {
            let what = format!("it has {len} bytes, and had {}", sums.len());
            return Err(Error::Corrupt { file: path.to_owned(), what });
        }
        Ok(Self { disk, file, path: path.to_owned(), sums })
    }

    /// The bytes from `from` to `to`.
    fn read(&self, from: usize, to: usize) -> Result<Vec<u8>, Error> {
        let first = from / PAGE;
        let mut pages = vec![0; to.next_multiple_of(PAGE).min(self.sums.len()) - first * PAGE];
        read_exact_at(&self.file, &mut pages, (first * PAGE) as u64)
            .map_err(|cause| Error::io("read", &self.path, &cause))?;
        if !self.sums.match_pages(first, &pages) {
            let what = format!("the checksum of bytes {from} to {to} is wrong");
            return Err(Error::Corrupt { file: self.path.clone(), what });
        }
        Ok(pages[from - first * PAGE..to - first * PAGE].to_vec())
    }
}

impl RandomAccess for Table {
    fn read_at(&self, from: usize, into: &mut [u8]) -> rusty_leveldb::Result<usize> {
        let from = from.min(self.sums.len());
        let to = (from + into.len()).min(self.sums.len());
        let bytes = self.read(from, to).map_err(|error| self.disk.note(error))?;
        into[..bytes.len()].copy_from_slice(&bytes);
        Ok(bytes.len())
    }
}

/// Fills `into` with the bytes that stand at `at`. Tables are shared, so no position may be moved.
#[cfg(unix)]
fn read_exact_at(file: &File, into: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, into, at)
}

/// The same on Windows, where a read may be short and moves a position that nobody uses.
#[cfg(windows)]
fn read_exact_at(file: &File, mut into: &mut [u8], mut at: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !into.is_empty() {
        match file.seek_read(into, at)? {
            0 => return Err(ErrorKind::UnexpectedEof.into()),
            read => {
                into = &mut into[read..];
                at += read as u64;
            }
        }
    }
    Ok(())
}

/// The error for a file that LevelDB relies on and that has no sums beside it.
pub fn missing_sums(file: &Path) -> Error {
    Error::Corrupt { file: file.to_owned(), what: "its checksums are missing".into() }
}
