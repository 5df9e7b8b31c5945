//! A log that is read while it grows.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;

/// From this size on a log is cut, in bytes. A line that is written between the last look at the size and the cut is
/// lost, and the process keeps its file open, so there is no other to put in its place: cuts are rare.
const LONG: u64 = 16 << 20;

/// The most bytes that are read at once.
const CHUNK: u64 = 1 << 20;

/// The end of a log.
#[derive(Debug)]
pub struct Tail {
    path: PathBuf,
    file: Option<File>,
    read: u64,
    /// A line that was not whole yet.
    begun: Vec<u8>,
}

impl Tail {
    /// A log that is there now or will be.
    pub fn new(path: PathBuf) -> Self {
        Self { path, file: None, read: 0, begun: Vec::new() }
    }

    /// The lines that are new and whole.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn lines(&mut self) -> io::Result<Vec<String>> {
        let file = match &mut self.file {
            Some(file) => file,
            None => match File::open(&self.path) {
                Ok(file) => self.file.insert(file),
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
                Err(error) => return Err(error),
            },
        };
        file.seek(SeekFrom::Start(self.read))?;
        self.read += file.take(CHUNK).read_to_end(&mut self.begun)? as u64;
        let Some(end) = self.begun.iter().rposition(|byte| *byte == b'\n') else { return Ok(Vec::new()) };
        let rest = self.begun.split_off(end + 1);
        let whole = std::mem::replace(&mut self.begun, rest);
        Ok(String::from_utf8_lossy(&whole).lines().map(str::to_owned).collect())
    }

    /// Cuts the log to nothing if it is long and all of it was read. Its process appends: it goes on at
    /// the beginning.
    ///
    /// # Errors
    /// If it cannot be cut.
    pub fn cut(&mut self) -> io::Result<()> {
        if self.read < LONG {
            return Ok(());
        }
        let log = OpenOptions::new().write(true).open(&self.path)?;
        if log.metadata()?.len() == self.read {
            log.set_len(0)?;
            self.read = 0;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn lines_are_read_when_they_are_whole_and_once() {
        let directory = tempfile::TempDir::new().unwrap();
        let path = directory.path().join("log");
        let mut tail = Tail::new(path.clone());
        assert!(tail.lines().unwrap().is_empty(), "there is no log yet");
        let mut log = OpenOptions::new().create(true).append(true).open(&path).unwrap();
        log.write_all(b"one\ntwo\nthr").unwrap();
        assert_eq!(tail.lines().unwrap(), ["one", "two"]);
        log.write_all(b"ee\n").unwrap();
        assert_eq!(tail.lines().unwrap(), ["three"]);
        assert!(tail.lines().unwrap().is_empty());
    }

    #[test]
    fn a_long_log_is_cut_and_read_on() {
        let directory = tempfile::TempDir::new().unwrap();
        let path = directory.path().join("log");
        let mut log = OpenOptions::new().create(true).append(true).open(&path).unwrap();
        let mut tail = Tail::new(path.clone());
        let line = format!("{}\n", "x".repeat(999_999));
        (0..20).for_each(|_| log.write_all(line.as_bytes()).unwrap());
        let mut read = 0;
        while read < 20 {
            tail.cut().unwrap();
            assert!(path.metadata().unwrap().len() > 0, "it was cut before it was read");
            read += tail.lines().unwrap().len();
        }
        tail.cut().unwrap();
        assert_eq!(path.metadata().unwrap().len(), 0);
        log.write_all(b"on\n").unwrap();
        assert_eq!(tail.lines().unwrap(), ["on"]);
    }
}
