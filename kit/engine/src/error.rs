//! What can go wrong in an engine, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

/// Why an engine did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Another engine, of this process or another, has the directory.
    #[error("{} is in use: stop the process that has it open, or wait until it has closed it", .dir.display())]
    Locked {
        /// The directory that is taken.
        dir: PathBuf,
    },
    /// A file does not hold what was once written to it.
    #[error(
        "{} is damaged ({what}): start with an empty directory, a new id and the addresses of other replicas (--seeds), \
         and they fill it. A backup is for a replica that has no others", .file.display()
    )]
    Corrupt {
        /// The damaged file, or the directory where the file is not known.
        file: PathBuf,
        /// What was found.
        what: String,
    },
    /// An earlier write or read failed. What is in memory may differ from what is on disk, so nothing is served from it.
    #[error(
        "the engine has stopped ({reason}): fix the cause, then open the engine again; no acknowledged write is lost"
    )]
    Stopped {
        /// The first failure.
        reason: String,
    },
    /// `close` was called on a handle of this engine.
    #[error("the engine is closed: open it again")]
    Closed,
    /// The operating system refused. An update that ends so may or may not be on disk after the next open.
    #[error("cannot {action}: {message}")]
    Io {
        /// What was attempted, on which file.
        action: String,
        /// What kind of error the operating system gave.
        kind: io::ErrorKind,
        /// Its own words.
        message: String,
    },
}

impl Error {
    /// The operating system's `cause` for not doing `verb` to `file`.
    pub(crate) fn io(verb: &str, file: &Path, cause: &io::Error) -> Self {
        Self::Io {
            action: format!("{verb} {}", file.display()),
            kind: cause.kind(),
            message: cause.to_string(),
        }
    }
}
