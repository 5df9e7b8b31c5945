//! A table as LevelDB reads it: every page is checked.

use std::cell::Cell;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use rusty_leveldb::env::RandomAccess;

use super::ahead::PIECE;
use super::disk::Disk;
use super::file::missing_sums;
use super::sums::{PAGE, Sums};
use crate::Error;

/// A table that LevelDB reads, each page checked against its sum.
pub struct Table {
    disk: Disk,
    file: File,
    path: PathBuf,
    sums: Sums,
    /// What it is called among the tables of [`Ahead`](super::ahead::Ahead).
    id: u64,
    /// Where the last read ended: who goes on from there reads all of the table, or a good part of it.
    end: Cell<usize>,
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
        let id = disk.next_table();
        Ok(Self { disk, file, path: path.to_owned(), sums, id, end: Cell::default() })
    }

    /// Fills `into` with the bytes that stand at `from`.
    fn read(&self, from: usize, into: &mut [u8]) -> Result<(), Error> {
        if into.is_empty() {
            return Ok(());
        }
        let (first, to) = (from / PAGE * PAGE, from + into.len());
        let goes_on = self.end.replace(to) == from;
        let ahead = self.disk.ahead();
        if goes_on && ahead.copy(self.id, from, into) {
            return Ok(());
        }
        let mut pages = if goes_on { ahead.room(self.id) } else { Vec::new() };
        let to = if goes_on { to.max(first + PIECE) } else { to };
        pages.resize(to.next_multiple_of(PAGE).min(self.sums.len()) - first, 0);
        self.read_pages(first, &mut pages)?;
        into.copy_from_slice(&pages[from - first..][..into.len()]);
        if goes_on {
            ahead.keep(self.id, first, pages);
        }
        Ok(())
    }

    /// Fills `pages`, which are whole pages or end where the table ends, with what stands at `from`.
    fn read_pages(&self, from: usize, pages: &mut [u8]) -> Result<(), Error> {
        read_exact_at(&self.file, pages, from as u64)
            .map_err(|cause| Error::io("read", &self.path, &cause))?;
        if !self.sums.match_pages(from / PAGE, pages) {
            let what = format!("the checksum of bytes {from} to {} is wrong", from + pages.len());
            return Err(Error::Corrupt { file: self.path.clone(), what });
        }
        Ok(())
    }
}

impl RandomAccess for Table {
    fn read_at(&self, from: usize, into: &mut [u8]) -> rusty_leveldb::Result<usize> {
        let len = into.len().min(self.sums.len().saturating_sub(from));
        let into = &mut into[..len];
        self.read(from, into).map_err(|error| self.disk.note(error))?;
        Ok(len)
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
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                into = &mut into[read..];
                at += read as u64;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::super::file::Writer;
    use super::*;

    /// Two tables, and a database directory for them that lasts as long as the first of what is returned.
    fn tables(len: usize) -> (tempfile::TempDir, Vec<u8>, [Table; 2]) {
        let dir = tempfile::tempdir().unwrap();
        let disk = Disk::open(dir.path(), None).unwrap();
        let bytes: Vec<u8> = (0..len).map(|at| (at % 251) as u8).collect();
        let tables = ["000001.ldb", "000002.ldb"].map(|name| {
            let path = dir.path().join(name);
            let mut writer = Writer::create(disk.clone(), &path).unwrap();
            writer.write_all(&bytes).unwrap();
            writer.flush().unwrap();
            Table::open(disk.clone(), &path).unwrap()
        });
        (dir, bytes, tables)
    }

    fn read(table: &Table, from: usize, len: usize) -> Vec<u8> {
        let mut into = vec![0; len];
        let read = table.read_at(from, &mut into).unwrap();
        into.truncate(read);
        into
    }

    #[test]
    fn whatever_was_read_before_the_bytes_are_those_of_the_file() {
        let (_dir, bytes, tables) = tables(5 * PIECE + 123);
        let mut rng = fastrand::Rng::with_seed(1);
        let mut at = 0;
        for _ in 0..2_000 {
            let table = &tables[rng.usize(..2)];
            if rng.u8(..8) == 0 {
                at = rng.usize(..bytes.len() + 100);
            }
            let len = rng.usize(..2 * PIECE);
            let there = &bytes[at.min(bytes.len())..(at + len).min(bytes.len())];
            assert_eq!(read(table, at, len), there, "{len} bytes at {at}");
            at = (at + len) % bytes.len();
        }
    }

    #[test]
    fn damage_in_what_is_read_ahead_is_found() {
        let (dir, mut bytes, [table, _]) = tables(3 * PIECE);
        bytes[2 * PAGE] ^= 1;
        std::fs::write(dir.path().join("000001.ldb"), bytes).unwrap();
        assert_eq!(read(&table, 100, 100).len(), 100);
        assert!(table.read_at(200, &mut [0; 100]).is_err());
        assert!(table.disk.check().is_err());
    }

    /// Each page was read and checked for both of the blocks that share it: twice the bytes of the table.
    #[cfg(target_os = "linux")]
    #[test]
    fn tables_that_are_merged_are_read_once() {
        let read_by_this_thread = || {
            let io = std::fs::read_to_string("/proc/thread-self/io").unwrap();
            let chars = io.lines().find_map(|line| line.strip_prefix("rchar: ")).unwrap();
            chars.parse::<usize>().unwrap()
        };
        let (_dir, bytes, tables) = tables(2 << 20);
        let before = read_by_this_thread();
        for at in (0..bytes.len()).step_by(4_100) {
            for table in &tables {
                assert_eq!(read(table, at, 4_100)[0], bytes[at]);
            }
        }
        let read = read_by_this_thread() - before;
        assert!(read < 2 * bytes.len() / 10 * 11, "{read} bytes of 2 tables of {}", bytes.len());
    }
}
