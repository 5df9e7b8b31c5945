//! The directory of a database, and what LevelDB may do in it.

use std::cell::OnceCell;
use std::fs::{self, File};
use std::io::{self, Cursor, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use rusty_leveldb::env::{Env, FileLock, Logger, RandomAccess};
use rusty_leveldb::{PosixDiskEnv, Result as LdbResult, Status, StatusCode};

use super::file::{Kind, Table, Writer, missing_sums};
use super::records;
use super::sums::Sums;
use crate::Error;

/// A locked directory. After the first failure it takes no more changes: LevelDB itself would go on, and install a
/// compaction that failed half way.
#[derive(Clone)]
pub struct Disk(Rc<State>);

struct State {
    dir: PathBuf,
    failure: OnceCell<Error>,
    space: Option<Arc<AtomicU64>>,
    /// Holds the lock of the directory until the last clone of this disk is gone.
    files: PosixDiskEnv,
}

impl Disk {
    /// Locks `dir`, creating it if need be, and looks whether its files make a database.
    pub fn open(dir: &Path, space: Option<Arc<AtomicU64>>) -> Result<Self, Error> {
        fs::create_dir_all(dir).map_err(|cause| Error::io("create", dir, &cause))?;
        let files = PosixDiskEnv::new();
        files.lock(&dir.join("LOCK")).map_err(|status| match status.code {
            StatusCode::LockError => Error::Locked { dir: dir.to_owned() },
            _ => Error::io("lock", dir, &io::Error::other(status.err)),
        })?;
        let disk = Self(Rc::new(State { dir: dir.to_owned(), failure: OnceCell::new(), space, files }));
        disk.check_files()?;
        Ok(disk)
    }

    /// LevelDB takes a directory without CURRENT for a new one, and deletes the tables it finds there.
    fn check_files(&self) -> Result<(), Error> {
        let dir = &self.0.dir;
        let corrupt = |what: &str| Err(Error::Corrupt { file: dir.clone(), what: what.into() });
        let kinds = self.list()?.into_iter().map(|file| Kind::of(&file));
        let (mut tables, mut logs) = (0, 0);
        kinds.for_each(|kind| match kind {
            Kind::Table => tables += 1,
            Kind::Log => logs += 1,
            Kind::Manifest | Kind::Other => {}
        });
        match fs::read_to_string(dir.join("CURRENT")) {
            Err(cause) if cause.kind() == ErrorKind::NotFound => {
                if tables + logs > 0 {
                    corrupt("the file CURRENT is missing")
                } else {
                    Ok(())
                }
            }
            Err(cause) => Err(Error::io("read", &dir.join("CURRENT"), &cause)),
            Ok(current) => match current.strip_suffix('\n') {
                Some(manifest) if Kind::of(Path::new(manifest)) != Kind::Manifest => {
                    corrupt("CURRENT names no manifest")
                }
                Some(manifest) if !dir.join(manifest).exists() => {
                    corrupt("the manifest that CURRENT names is missing")
                }
                // Only the very first manifest comes before the first log.
                Some(manifest) if logs == 0 && manifest != "MANIFEST-000001" => corrupt("the log is missing"),
                Some(_) => Ok(()),
                None => corrupt("CURRENT was cut"),
            },
        }
    }

    pub fn dir(&self) -> &Path {
        &self.0.dir
    }

    fn list(&self) -> Result<Vec<PathBuf>, Error> {
        let refused = |cause| Error::io("list", &self.0.dir, &cause);
        let entries = fs::read_dir(&self.0.dir).map_err(refused)?;
        entries.map(|entry| entry.map(|entry| entry.path()).map_err(refused)).collect()
    }

    /// The first failure, if there was one.
    pub fn check(&self) -> Result<(), Error> {
        self.0.failure.get().map_or(Ok(()), |first| Err(first.clone()))
    }

    /// Remembers `error` if it is the first, and words it for LevelDB.
    pub fn note(&self, error: Error) -> Status {
        let status = Status::new(StatusCode::IOError, &error.to_string());
        self.0.failure.get_or_init(|| error);
        status
    }

    /// Remembers that the system refused to `verb` this `file`.
    pub fn fail(&self, verb: &str, file: &Path, cause: io::Error) -> io::Error {
        self.note(Error::io(verb, file, &cause));
        cause
    }

    pub fn refuse_after_failure(&self) -> io::Result<()> {
        self.check().map_err(io::Error::other)
    }

    /// How many of `wanted` bytes still fit on the disk.
    pub fn take_space(&self, wanted: usize) -> usize {
        let Some(space) = &self.0.space else { return wanted };
        let take = |left: u64| Some(left.saturating_sub(wanted as u64));
        let left = space.fetch_update(Relaxed, Relaxed, take).unwrap_or_default();
        wanted.min(usize::try_from(left).unwrap_or(usize::MAX))
    }

    pub fn sync_dir(&self) -> io::Result<()> {
        File::open(&self.0.dir)?.sync_all()
    }

    /// Puts `sums` beside `file`, in the place of older ones.
    pub fn write_sums(&self, file: &Path, sums: &Sums) -> io::Result<()> {
        let fresh = beside(file, "sums-new");
        let bytes = sums.encode();
        if self.take_space(bytes.len()) < bytes.len() {
            return Err(ErrorKind::StorageFull.into());
        }
        let mut target = File::create(&fresh)?;
        target.write_all(&bytes)?;
        target.sync_data()?;
        fs::rename(&fresh, beside(file, "sums"))?;
        self.sync_dir()
    }

    /// The sums beside `file`; none if there are none.
    pub fn read_sums(&self, file: &Path) -> Result<Option<Sums>, Error> {
        let sums = beside(file, "sums");
        match fs::read(&sums) {
            Ok(bytes) => match Sums::decode(&bytes) {
                Some(sums) => Ok(Some(sums)),
                None => Err(Error::Corrupt { file: sums, what: "its own checksum is wrong".into() }),
            },
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(Error::io("read", &sums, &cause)),
        }
    }

    /// Puts sums beside the logs: after a clean close even a cut at the end of one is known.
    pub fn seal(&self) -> Result<(), Error> {
        for log in self.list()?.iter().filter(|file| Kind::of(file) == Kind::Log) {
            let refused = |cause| Error::io("seal", log, &cause);
            let bytes = fs::read(log).map_err(refused)?;
            self.write_sums(log, &Sums::of(&bytes)).map_err(refused)?;
        }
        Ok(())
    }

    /// The whole records of a log or manifest.
    fn read_records(&self, file: &Path) -> Result<Vec<u8>, Error> {
        let corrupt = |what| Error::Corrupt { file: file.to_owned(), what };
        let mut bytes = fs::read(file).map_err(|cause| Error::io("read", file, &cause))?;
        let kind = Kind::of(file);
        match self.read_sums(file)? {
            None if kind == Kind::Manifest => return Err(missing_sums(file)),
            None => {}
            // A manifest may have grown since: its writer was killed before it could say so.
            Some(sums) if bytes.len() < sums.len() || (kind == Kind::Log && bytes.len() > sums.len()) => {
                return Err(corrupt(format!("it has {} bytes, and had {}", bytes.len(), sums.len())));
            }
            Some(sums) if !sums.match_pages(0, &bytes[..sums.len()]) => {
                return Err(corrupt("its checksum is wrong".into()));
            }
            Some(_) => {}
        }
        let whole = records::whole(&bytes)
            .map_err(|at| corrupt(format!("the record at byte {at} is bad, a later one good")))?;
        bytes.truncate(whole);
        Ok(bytes)
    }
}

/// The name of `file` with another extension after it.
fn beside(file: &Path, extension: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    name.into()
}

impl Env for Disk {
    fn open_sequential_file(&self, file: &Path) -> LdbResult<Box<dyn Read>> {
        match Kind::of(file) {
            Kind::Log | Kind::Manifest => {
                let records = self.read_records(file).map_err(|error| self.note(error))?;
                Ok(Box::new(Cursor::new(records)))
            }
            Kind::Table | Kind::Other => self.0.files.open_sequential_file(file),
        }
    }

    fn open_random_access_file(&self, file: &Path) -> LdbResult<Box<dyn RandomAccess>> {
        let table = Table::open(self.clone(), file).map_err(|error| self.note(error))?;
        Ok(Box::new(table))
    }

    fn open_writable_file(&self, file: &Path) -> LdbResult<Box<dyn Write>> {
        self.refuse_after_failure()?;
        let writer = Writer::create(self.clone(), file).map_err(|cause| self.fail("create", file, cause))?;
        Ok(Box::new(writer))
    }

    /// Only for logs and manifests that are reused, which they are not.
    fn open_appendable_file(&self, file: &Path) -> LdbResult<Box<dyn Write>> {
        let error = Error::io("append to", file, &ErrorKind::Unsupported.into());
        Err(self.note(error))
    }

    fn exists(&self, file: &Path) -> LdbResult<bool> {
        self.0.files.exists(file)
    }

    fn children(&self, dir: &Path) -> LdbResult<Vec<PathBuf>> {
        self.0.files.children(dir)
    }

    fn size_of(&self, file: &Path) -> LdbResult<usize> {
        self.0.files.size_of(file)
    }

    fn delete(&self, file: &Path) -> LdbResult<()> {
        self.refuse_after_failure()?;
        // In this order, a crash between the two leaves a file that nobody reads, and never sums without a file.
        match fs::remove_file(beside(file, "sums")) {
            Err(cause) if cause.kind() != ErrorKind::NotFound => {
                Err(self.fail("delete the sums of", file, cause).into())
            }
            _ => self.0.files.delete(file),
        }
    }

    fn mkdir(&self, dir: &Path) -> LdbResult<()> {
        self.0.files.mkdir(dir)
    }

    fn rmdir(&self, dir: &Path) -> LdbResult<()> {
        self.0.files.rmdir(dir)
    }

    fn rename(&self, from: &Path, to: &Path) -> LdbResult<()> {
        self.refuse_after_failure()?;
        // The data before the name: CURRENT must never name what is not there.
        let renamed = File::open(from).and_then(|file| file.sync_all()).and_then(|()| fs::rename(from, to));
        Ok(renamed.and_then(|()| self.sync_dir()).map_err(|cause| self.fail("rename", from, cause))?)
    }

    /// The directory is locked before LevelDB sees it, and until after it has gone.
    fn lock(&self, file: &Path) -> LdbResult<FileLock> {
        Ok(FileLock { id: file.display().to_string() })
    }

    fn unlock(&self, _: FileLock) -> LdbResult<()> {
        Ok(())
    }

    fn new_logger(&self, _: &Path) -> LdbResult<Logger> {
        Ok(Logger::new(Box::new(io::sink())))
    }

    fn micros(&self) -> u64 {
        self.0.files.micros()
    }

    fn sleep_for(&self, micros: u32) {
        self.0.files.sleep_for(micros);
    }
}
