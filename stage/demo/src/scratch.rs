//! The directory of the replicas' directories, which is gone when this program is.

use std::io;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// A new directory of this program alone. It is removed also where this program is killed: a shell reads from a pipe
/// that nobody else can write to, and then the reading is over.
#[derive(Debug)]
pub struct Scratch {
    directory: TempDir,
    guard: Option<Child>,
}

impl Scratch {
    /// Makes it.
    ///
    /// # Errors
    /// If no directory can be made.
    pub fn new() -> io::Result<Self> {
        let directory = TempDir::with_prefix("atoll-demo-")?;
        let mut shell = Command::new("sh");
        // The replicas have guards of their own, and are killed in this second.
        shell.args(["-c", "read -r _; sleep 1; rm -rf -- \"$0\""]).arg(directory.path());
        // Without a shell it stays where this program is killed.
        let guard = shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok();
        Ok(Self { directory, guard })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Removes it.
    ///
    /// # Errors
    /// If it cannot be removed.
    pub fn close(self) -> io::Result<()> {
        let Self { directory, guard } = self;
        if let Some(mut guard) = guard {
            // Before its pipe is closed: it must not remove what has the name by then.
            let _ = guard.kill();
            let _ = guard.wait();
        }
        directory.close()
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn it_is_removed_when_nobody_holds_the_pipe_and_nothing_else_is() {
        let beside = TempDir::with_prefix("atoll-demo-").unwrap();
        let mut scratch = Scratch::new().unwrap();
        std::fs::create_dir_all(scratch.path().join("stage-1/replica-1")).unwrap();
        std::os::unix::fs::symlink(beside.path(), scratch.path().join("link")).unwrap();
        std::fs::write(beside.path().join("kept"), "").unwrap();
        let mut guard = scratch.guard.take().unwrap();
        drop(guard.stdin.take());
        assert!(guard.wait().unwrap().success());
        assert!(!scratch.path().exists() && beside.path().join("kept").exists());
    }

    #[test]
    fn it_is_removed_when_it_is_closed() {
        let scratch = Scratch::new().unwrap();
        let path = scratch.path().to_owned();
        scratch.close().unwrap();
        assert!(!path.exists());
    }
}
