//! The files of a LevelDB directory: what each is for, and how it is written with care.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::disk::Disk;
use super::sums::Sums;
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

/// The error for a file that LevelDB relies on and that has no sums beside it.
pub fn missing_sums(file: &Path) -> Error {
    Error::Corrupt { file: file.to_owned(), what: "its checksums are missing".into() }
}
