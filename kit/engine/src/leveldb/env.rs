//! What LevelDB asks of its surroundings, answered with the care it does not take itself.

use std::fs;
use std::io::{self, Cursor, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use rusty_leveldb::Result;
use rusty_leveldb::env::{Env, FileLock, Logger, RandomAccess};

use super::disk::{Disk, beside};
use super::file::{Kind, Writer};
use super::table::Table;
use crate::Error;

impl Env for Disk {
    fn open_sequential_file(&self, file: &Path) -> Result<Box<dyn Read>> {
        match Kind::of(file) {
            Kind::Log | Kind::Manifest => {
                let records = self.read_records(file).map_err(|error| self.note(error))?;
                Ok(Box::new(Cursor::new(records)))
            }
            Kind::Table | Kind::Other => self.files().open_sequential_file(file),
        }
    }

    fn open_random_access_file(&self, file: &Path) -> Result<Box<dyn RandomAccess>> {
        let table = Table::open(self.clone(), file).map_err(|error| self.note(error))?;
        Ok(Box::new(table))
    }

    fn open_writable_file(&self, file: &Path) -> Result<Box<dyn Write>> {
        self.refuse_after_failure()?;
        let writer = Writer::create(self.clone(), file).map_err(|cause| self.fail("create", file, cause))?;
        Ok(Box::new(writer))
    }

    /// Only for logs and manifests that are reused, which they are not.
    fn open_appendable_file(&self, file: &Path) -> Result<Box<dyn Write>> {
        let error = Error::io("append to", file, &ErrorKind::Unsupported.into());
        Err(self.note(error))
    }

    fn exists(&self, file: &Path) -> Result<bool> {
        self.files().exists(file)
    }

    fn children(&self, dir: &Path) -> Result<Vec<PathBuf>> {
        self.files().children(dir)
    }

    fn size_of(&self, file: &Path) -> Result<usize> {
        self.files().size_of(file)
    }

    fn delete(&self, file: &Path) -> Result<()> {
        self.refuse_after_failure()?;
        // In this order, a crash between the two leaves a file that nobody reads, and never sums without a file.
        match fs::remove_file(beside(file, "sums")) {
            Err(cause) if cause.kind() != ErrorKind::NotFound => {
                Err(self.fail("delete the sums of", file, cause).into())
            }
            _ => self.files().delete(file),
        }
    }

    fn mkdir(&self, dir: &Path) -> Result<()> {
        self.files().mkdir(dir)
    }

    fn rmdir(&self, dir: &Path) -> Result<()> {
        self.files().rmdir(dir)
    }

    fn rename(&self, from: &Path, to: &Path) -> Result<()> {
        self.refuse_after_failure()?;
        // With each change of the manifest LevelDB writes CURRENT, and mostly what it says already. Since this process
        // has a manifest of its own, it was this process that wrote it, and it is on disk.
        let renamed = if fs::read(to).is_ok_and(|there| fs::read(from).is_ok_and(|new| new == there)) {
            fs::remove_file(from)
        } else {
            self.replace(from, to)
        };
        Ok(renamed.map_err(|cause| self.fail("rename", from, cause))?)
    }

    /// The directory is locked before LevelDB sees it, and until after it has gone.
    fn lock(&self, file: &Path) -> Result<FileLock> {
        Ok(FileLock { id: file.display().to_string() })
    }

    fn unlock(&self, _: FileLock) -> Result<()> {
        Ok(())
    }

    fn new_logger(&self, _: &Path) -> Result<Logger> {
        Ok(Logger::new(Box::new(io::sink())))
    }

    fn micros(&self) -> u64 {
        self.files().micros()
    }

    fn sleep_for(&self, micros: u32) {
        self.files().sleep_for(micros);
    }
}
