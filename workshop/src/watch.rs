//! `watch`: a check at every save, and the other commands at a key.

use std::io::{IsTerminal, stdout};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use anyhow::Result;
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use crate::Done;
use crate::check;
use crate::files::{self, Times};
use crate::guide;
use crate::id::Target;
use crate::keys::{self, Keys};
use crate::state::State;
use crate::term::{self, Paint};
use crate::workspace::Workspace;

/// An editor writes a file in several steps; it is done when nothing has changed for so long.
const QUIET: Duration = Duration::from_millis(80);

/// How often files are looked at where the system tells of changes. On network drives, under WSL and for mapped memory
/// it says so and does not.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often if it can't report changes at all.
const EAGER: Duration = Duration::from_millis(300);

pub enum Happening {
    /// The system says that something may have changed.
    Told,
    Key(char),
}

struct Watch {
    chapters: PathBuf,
    /// As they were before the last check.
    seen: Times,
    pause: Duration,
    happenings: Receiver<Happening>,
    sender: SyncSender<Happening>,
    _watcher: Option<RecommendedWatcher>,
}

/// Checks a chapter whenever a file of any chapter is saved; without a target, the current one.
pub fn watch(workspace: &Workspace, target: Option<Target>) -> Done {
    let mut watch = Watch::new(workspace)?;
    let mut passed = watch.check(workspace, target);
    let mut asked_for_diff = false;
    while !term::is_over() {
        match watch.wait()? {
            None | Some('c') => {
                clear();
                println!("checking …");
                passed = watch.check(workspace, target);
                keys::forget();
            }
            Some('q') => break,
            Some('d') if !asked_for_diff => {
                println!("The diff shows the solution: press d again to see it.");
                asked_for_diff = true;
                continue;
            }
            Some(key) => {
                report(help(workspace, target, key));
            }
        }
        asked_for_diff = false;
    }
    Ok(passed)
}

impl Watch {
    fn new(workspace: &Workspace) -> Result<Watch> {
        let chapters = workspace.root.join("chapters");
        let (sender, happenings) = sync_channel(64);
        let watcher = listen(&chapters, sender.clone()).inspect_err(|error| {
            term::warn(&format!("this system does not report changes ({error}), so the files are polled"));
        });
        let pause = if watcher.is_ok() { PATIENCE } else { EAGER };
        let seen = files::times(&chapters)?;
        Ok(Watch { chapters, seen, pause, happenings, sender, _watcher: watcher.ok() })
    }

    fn check(&mut self, workspace: &Workspace, target: Option<Target>) -> bool {
        // What is saved from here on is seen by the next wait.
        match files::times(&self.chapters) {
            Ok(files) => self.seen = files,
            Err(error) => return report(Err(error)),
        }
        report(check::check(workspace, target, false, false))
    }

    /// Waits for the next key, or for files that are other than they were.
    ///
    /// Keys are read one by one only while nothing else is going on.
    fn wait(&mut self) -> Result<Option<char>> {
        println!("\n{}", Paint::stdout().dim("watching; c check now, h hint, d diff, n next, q quit"));
        let _keys = Keys::listen(self.sender.clone())?;
        loop {
            match self.happenings.recv_timeout(self.pause) {
                Ok(Happening::Key(key)) => return Ok(Some(key)),
                Ok(Happening::Told) | Err(_) => {}
            }
            if self.has_changed() {
                self.settle();
                return Ok(None);
            }
        }
    }

    /// A folder may be gone for a moment; if it is gone for good, the check says so.
    fn has_changed(&self) -> bool {
        files::times(&self.chapters).is_ok_and(|files| files != self.seen)
    }

    /// Waits until nothing changes any more, for a while.
    fn settle(&self) {
        let mut before = None;
        for _ in 0..50 {
            let now = files::times(&self.chapters).ok();
            if now.is_some() && now == before {
                break;
            }
            before = now;
            thread::sleep(QUIET);
        }
        while self.happenings.try_recv().is_ok() {}
    }
}

fn listen(chapters: &Path, sender: SyncSender<Happening>) -> notify::Result<RecommendedWatcher> {
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let changes = |event: notify::Event| !matches!(event.kind, EventKind::Access(_));
        if event.is_ok_and(changes) {
            // When the queue is full there is such a word in it already.
            let _ = sender.try_send(Happening::Told);
        }
    })?;
    watcher.watch(chapters, RecursiveMode::Recursive)?;
    Ok(watcher)
}

fn help(workspace: &Workspace, target: Option<Target>, key: char) -> Done {
    let state = State::load(workspace);
    let id = match target {
        Some(Target::Exercise(id)) => Some(id),
        Some(Target::Chapter(number)) => state.first_open_in(workspace.chapter(number)?),
        None => state.first_open(workspace).map(|(_, id)| id),
    };
    match (key, id) {
        ('n', _) => guide::next(workspace),
        ('h', Some(id)) => guide::hint(workspace, Some(id)),
        ('d', Some(id)) => guide::diff(workspace, Some(Target::Exercise(id)), true),
        _ => {
            println!("Every exercise here has passed.");
            Ok(true)
        }
    }
}

/// An error is shown and the watch continues: the next save may fix it.
fn report(done: Done) -> bool {
    done.unwrap_or_else(|error| {
        term::error(&error);
        false
    })
}

fn clear() {
    if stdout().is_terminal() && !term::is_dumb() {
        print!("\x1b[2J\x1b[H");
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::SystemTime;

    use super::*;

    /// Whether a save is seen, after `edit` has been done in a folder of chapters.
    fn is_seen(edit: impl Fn(&Path)) -> bool {
        let folder = tempfile::tempdir().unwrap();
        let src = folder.path().join("01/src");
        fs::create_dir_all(&src).unwrap();
        fs::write(src.join("lib.rs"), "//! a").unwrap();
        let (sender, happenings) = sync_channel(64);
        let (chapters, seen) = (folder.path().to_owned(), files::times(folder.path()).unwrap());
        // No changes are reported, as on a network drive.
        let watch = Watch { chapters, seen, pause: EAGER, happenings, sender, _watcher: None };
        edit(&src);
        watch.has_changed()
    }

    #[test]
    fn a_save_is_seen_without_a_word_of_the_system() {
        assert!(is_seen(|src| fs::write(src.join("lib.rs"), "//! ab").unwrap()));
        assert!(is_seen(|src| fs::write(src.join("new.rs"), "").unwrap()));
        assert!(is_seen(|src| fs::remove_file(src.join("lib.rs")).unwrap()));
        // An older file in its place.
        assert!(is_seen(|src| {
            let old = fs::File::create(src.join("old")).unwrap();
            old.set_modified(SystemTime::UNIX_EPOCH).unwrap();
            fs::rename(src.join("old"), src.join("lib.rs")).unwrap();
        }));
    }

    #[test]
    fn what_editors_put_beside_a_file_is_no_save() {
        let names = [
            ".lib.rs.swp",
            ".#lib.rs",
            "#lib.rs#",
            "lib.rs~",
            "4913",
            ".lib.rs.kate-swp",
            "lib.rs___jb_tmp___",
            "._lib.rs",
        ];
        for name in names {
            assert!(!is_seen(|src| fs::write(src.join(name), "").unwrap()), "{name}");
        }
        assert!(!is_seen(|_| {}));
    }
}
