//! Single keys, typed while a watch waits.

use std::io::{IsTerminal, stdin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context, Result};
use crossterm::event::{Event, KeyCode, KeyEventKind, KeyModifiers, poll, read};
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};

use crate::watch::Happening;

/// Single keys from a terminal, whose mode is restored when this is dropped.
pub struct Keys {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Keys {
    /// Sends the next key that means something, and no more.
    pub fn listen(sender: SyncSender<Happening>) -> Result<Keys> {
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

/// What was typed while a check ran was meant for what was on the screen before.
pub fn forget() {
    if stdin().is_terminal() && enable_raw_mode().is_ok() {
        while poll(Duration::ZERO).unwrap_or(false) && read().is_ok() {}
        // There is nobody to tell when this fails.
        let _ = disable_raw_mode();
    }
}
