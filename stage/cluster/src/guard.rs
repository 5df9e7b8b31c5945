//! Ends a replica if the program that started it was killed, and cannot do so any more.

use std::io;
use std::process::{Child, Command, Stdio};

/// Kills a process as soon as this one is gone, however it went. A shell reads from a pipe that this process
/// alone can write to: the system closes it with the last of us, and then the reading is over.
#[derive(Debug)]
pub struct Guard(Child);

impl Guard {
    /// Guards the process of this id until the guard is dropped.
    ///
    /// # Errors
    /// If there is no shell.
    pub fn of(process: u32) -> io::Result<Self> {
        let mut shell = Command::new("sh");
        shell.args(["-c", "read -r _; kill -9 \"$0\"", &process.to_string()]);
        shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().map(Self)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // Before its pipe is closed: it must not kill another process that has the id by then.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::process::ExitStatusExt;

    use super::*;

    #[test]
    fn a_process_is_killed_when_nobody_holds_the_pipe_and_not_when_the_guard_is_dropped() {
        let mut guarded = Command::new("sleep").arg("30").spawn().unwrap();
        let mut guard = Guard::of(guarded.id()).unwrap();
        drop(guard.0.stdin.take());
        assert_eq!(guarded.wait().unwrap().signal(), Some(9));
        let mut left = Command::new("sleep").arg("0.3").spawn().unwrap();
        drop(Guard::of(left.id()).unwrap());
        assert!(left.wait().unwrap().success());
    }
}
