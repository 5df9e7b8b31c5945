//! `watch`: a check at every save, and the other commands at a key.

use std::collections::BTreeMap;
use std::fs;
use std::io::{IsTerminal, stdin, stdout};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use crossterm::event::{Event, KeyCode, KeyEventKind, KeyModifiers, poll, read};
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use crate::Done;
use crate::check;
use crate::files;
use crate::guide;
use crate::id::Target;
use crate::state::State;
use crate::term::{self, Paint};
use crate::workspace::Workspace;

/// An editor writes a file in several steps; it is done when nothing has changed for so long.
const QUIET: Duration = Duration::from_millis(80);

/// How often files are looked at where the system tells of changes. On network drives, under WSL and for mapped memory
/// it says so and does not.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often where it can't tell at all.
const EAGER: Duration = Duration::from_millis(300);

enum Happening {
    /// The system says that something may have changed.
    Told,
    Key(char),
}

/// The files that count, with their times and sizes. What editors put beside them, such as locks and swap files, is hidden
/// or has another ending.
type Files = BTreeMap<PathBuf, Option<(SystemTime, u64)>>;

struct Watch {
    chapters: PathBuf,
    /// As they were before the last check.
    seen: Files,
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
                forget_keys();
            }
            Some('q') => break,
            Some('d') if !asked_for_diff => {
                println!("The diff shows the solution: d once more if you want to see it.");
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
            term::warn(&format!(
                "this system does not tell of changes ({error}), so files are looked at all the time"
            ));
        });
        let pause = if watcher.is_ok() { PATIENCE } else { EAGER };
        let seen = look(&chapters)?;
        Ok(Watch { chapters, seen, pause, happenings, sender, _watcher: watcher.ok() })
    }

    fn check(&mut self, workspace: &Workspace, target: Option<Target>) -> bool {
        // What is saved from here on is seen by the next wait.
        match look(&self.chapters) {
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
            // A folder may be gone for a moment; whoever has taken it away for good is told by the check.
            if look(&self.chapters).is_ok_and(|files| files != self.seen) {
                self.settle();
                return Ok(None);
            }
        }
    }

    /// Waits until nothing changes any more, for a while.
    fn settle(&self) {
        let mut before = None;
        for _ in 0..50 {
            let now = look(&self.chapters).ok();
            if now.is_some() && now == before {
                break;
            }
            before = now;
            thread::sleep(QUIET);
        }
        while self.happenings.try_recv().is_ok() {}
    }
}

fn look(chapters: &Path) -> Result<Files> {
    let about = |path: PathBuf| {
        let about = fs::metadata(&path).and_then(|about| Ok((about.modified()?, about.len()))).ok();
        (path, about)
    };
    Ok(files::below_with(chapters, &["rs", "toml"])?.into_iter().map(about).collect())
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

/// What was typed while a check ran was meant for what was on the screen before.
fn forget_keys() {
    if stdin().is_terminal() && enable_raw_mode().is_ok() {
        while poll(Duration::ZERO).unwrap_or(false) && read().is_ok() {}
        // There is nobody to tell when this fails.
        let _ = disable_raw_mode();
    }
}

/// An error is told and watched through: the next save may mend it.
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

/// Single keys from a terminal, which is put back as it was when this is dropped.
struct Keys {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Keys {
    fn listen(sender: SyncSender<Happening>) -> Result<Keys> {
        let stop = Arc::new(AtomicBool::new(false));
        let mut keys = Keys { stop: stop.clone(), thread: None };
        if stdin().is_terminal() {
            enable_raw_mode().context("cannot read single keys from this terminal")?;
            keys.thread = Some(thread::spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let key = match poll(Duration::from_millis(50))
                        .and_then(|ready| ready.then(read).transpose())
                    {
                        Ok(event) => event.and_then(|event| pressed(&event)),
                        Err(_) => Some('q'),
                    };
                    if let Some(key) = key {
                        // One key at a time; the receiver stops this thread and starts another.
                        let _ = sender.try_send(Happening::Key(key));
                        break;
                    }
                }
            }));
        }
        Ok(keys)
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
            // There is nobody to tell when even this fails.
            let _ = disable_raw_mode();
        }
    }
}

fn pressed(event: &Event) -> Option<char> {
    let Event::Key(key) = event else { return None };
    match key.code {
        _ if key.kind != KeyEventKind::Press => None,
        KeyCode::Char('c' | 'd') if key.modifiers.contains(KeyModifiers::CONTROL) => Some('q'),
        KeyCode::Char(c) if "chdnq".contains(c) => Some(c),
        KeyCode::Enter => Some('c'),
        _ => None,
    }
}
