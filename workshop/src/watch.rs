//! `watch`: a check at every save, and the other commands at a key.

use std::io::{IsTerminal, stdin, stdout};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context, Result};
use crossterm::event::{Event, KeyCode, KeyEventKind, KeyModifiers, poll, read};
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use notify::{EventKind, RecursiveMode, Watcher};

use crate::Done;
use crate::check;
use crate::guide;
use crate::id::Target;
use crate::state::State;
use crate::term::Paint;
use crate::workspace::Workspace;

/// An editor writes a file in several steps; this long after the last one it is done.
const QUIET: Duration = Duration::from_millis(80);

enum Happening {
    Saved,
    Key(char),
}

/// Checks a chapter whenever a file of any chapter is saved; without a target, the current one.
pub fn watch(workspace: &Workspace, target: Option<Target>) -> Done {
    let (sender, happenings) = sync_channel(64);
    let saves = sender.clone();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if event.is_ok_and(|event| is_save(&event)) {
            // When the queue is full there is a save in it already.
            let _ = saves.try_send(Happening::Saved);
        }
    })
    .context("cannot watch files on this system")?;
    watcher
        .watch(&workspace.root.join("chapters"), RecursiveMode::Recursive)
        .context("cannot watch chapters/")?;

    let mut passed = report(check::check(workspace, target, false, false));
    let mut asked_for_diff = false;
    loop {
        match wait(&happenings, &sender)? {
            Happening::Saved => {
                drain(&happenings);
                clear();
                println!("checking …");
                passed = report(check::check(workspace, target, false, false));
                forget_keys();
            }
            Happening::Key('q') => return Ok(passed),
            Happening::Key('d') if !asked_for_diff => {
                println!("The diff shows the solution: d once more if you want to see it.");
                asked_for_diff = true;
                continue;
            }
            Happening::Key(key) => {
                report(help(workspace, target, key));
            }
        }
        asked_for_diff = false;
    }
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
        ('d', Some(id)) => guide::diff(workspace, Some(Target::Exercise(id))),
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
        eprintln!("error: {error:#}");
        false
    })
}

/// Waits for the next save or key; keys are read one by one only while nothing else is going on.
fn wait(happenings: &Receiver<Happening>, sender: &SyncSender<Happening>) -> Result<Happening> {
    println!("\n{}", Paint::stdout().dim("watching; h hint, d diff, n next, q quit"));
    let _keys = Keys::listen(sender.clone())?;
    happenings.recv().context("the watcher has ended")
}

/// Takes what else belongs to the same save, until it is quiet.
fn drain(happenings: &Receiver<Happening>) {
    while !matches!(
        happenings.recv_timeout(QUIET),
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected)
    ) {}
}

fn clear() {
    if stdout().is_terminal() {
        print!("\x1b[2J\x1b[H");
    }
}

fn is_save(event: &notify::Event) -> bool {
    let changes = matches!(event.kind, EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_));
    let rust =
        |path: &Path| path.extension().is_some_and(|extension| extension == "rs" || extension == "toml");
    changes && event.paths.iter().any(|path| rust(path))
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
        KeyCode::Char(c) if "hdnq".contains(c) => Some(c),
        _ => None,
    }
}
