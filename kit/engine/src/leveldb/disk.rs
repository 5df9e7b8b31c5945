//! The directory of a database, and what LevelDB may do in it.

use std::cell::{Cell, OnceCell};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use rusty_leveldb::env::Env;
use rusty_leveldb::{PosixDiskEnv, Status, StatusCode};

use super::ahead::Ahead;
use super::file::{Kind, missing_sums};
use super::records;
use super::sums::Sums;
use crate::Error;
use crate::worker::GROUP_BYTES;

/// A locked directory. After the first failure it takes no more changes: LevelDB itself would go on, and install a
/// compaction that failed half way.
#[derive(Clone)]
pub struct Disk(Rc<State>);

struct State {
    dir: PathBuf,
    failure: OnceCell<Error>,
    /// Bytes of torn records at the ends of logs.
    dropped: Cell<u64>,
    space: Option<Arc<AtomicU64>>,
    /// Whether there are names in the directory that may not be on disk yet.
    new_names: Cell<bool>,
    /// Tables that were opened.
    tables: Cell<u64>,
    ahead: Ahead,
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
        let disk = Self(Rc::new(State {
            dir: dir.to_owned(),
            failure: OnceCell::new(),
            dropped: Cell::default(),
            space,
            new_names: Cell::default(),
            tables: Cell::default(),
            ahead: Ahead::default(),
            files,
        }));
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
            Err(cause) if cause.kind() == ErrorKind::InvalidData => corrupt("CURRENT is not text"),
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

    /// The plain files of the system, for what needs no care.
    pub fn files(&self) -> &PosixDiskEnv {
        &self.0.files
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

    /// How many of `wanted` bytes the disk takes. A write that does not fit is torn, and leaves room for smaller ones.
    pub fn take_space(&self, wanted: usize) -> usize {
        let Some(space) = &self.0.space else { return wanted };
        let left = space.load(Relaxed);
        let taken = if wanted as u64 <= left { wanted } else { (left / 2) as usize };
        space.store(left - taken as u64, Relaxed);
        taken
    }

    /// A file was created or renamed: before anything on disk relies on that, [`Disk::sync_names`].
    pub fn new_name(&self) {
        self.0.new_names.set(true);
    }

    /// Brings all names to disk that are not there yet: one sync, however many there are.
    pub fn sync_names(&self) -> io::Result<()> {
        // Windows opens no directory as a file, and its file systems keep a journal of names themselves.
        if self.0.new_names.take() && cfg!(not(windows)) {
            File::open(&self.0.dir)?.sync_all()?;
        }
        Ok(())
    }

    /// Gives the file `from` the name `to`, and returns when that is on disk.
    pub fn replace(&self, from: &Path, to: &Path) -> io::Result<()> {
        // The data before the name: CURRENT must never name what is not there.
        File::open(from)?.sync_all()?;
        fs::rename(from, to)?;
        self.new_name();
        self.sync_names()
    }

    /// Puts `sums` beside `file`, in the place of older ones. The name may not be on disk yet.
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
        self.new_name();
        Ok(())
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
        self.sync_names().map_err(|cause| Error::io("sync", &self.0.dir, &cause))
    }

    /// The whole records of a log or manifest.
    pub fn read_records(&self, file: &Path) -> Result<Vec<u8>, Error> {
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
        self.tell_of_torn(file, bytes.len() - whole);
        bytes.truncate(whole);
        Ok(bytes)
    }

    /// A kill in the middle of a write leaves a torn record, and so does a disk that lost what it had confirmed: only
    /// how much it is tells them apart, and that not always.
    fn tell_of_torn(&self, file: &Path, bytes: usize) {
        if bytes == 0 {
            return;
        }
        self.0.dropped.set(self.0.dropped.get() + bytes as u64);
        let file = file.display();
        if bytes <= 2 * GROUP_BYTES {
            tracing::warn!(%file, bytes, "the end of a log was torn and is left out: \
                a write that was under way when the process ended, and that nobody was told of");
        } else {
            tracing::error!(%file, bytes, "the end of a log was torn and is left out, and it is more than one \
                write has: the disk may have lost what it had confirmed; compare this replica with others");
        }
    }

    /// A number that no other table has.
    pub fn next_table(&self) -> u64 {
        self.0.tables.set(self.0.tables.get() + 1);
        self.0.tables.get()
    }

    /// What was read of tables beyond what was asked for.
    pub fn ahead(&self) -> &Ahead {
        &self.0.ahead
    }

    /// How many bytes were left out at the ends of logs and manifests.
    pub fn dropped(&self) -> u64 {
        self.0.dropped.get()
    }
}

/// The name of `file` with another extension after it.
pub fn beside(file: &Path, extension: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    name.into()
}
