//! What a test prints, within bounds: it may print forever, or a line without an end.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// What marks a line as a report.
const MARK: &str = "::atoll:: ";

/// How many lines are kept of what a test prints, and how many reports.
const KEPT: usize = 400;

/// How many reports are kept from the beginning, where the promise is, when there are too many; the others are the last.
const FIRST: usize = 20;

/// How many bytes are kept of all reports; a snapshot has some thousand.
const BYTES: usize = 4 << 20;

/// How many bytes are kept of a line: a report is one, and any other is for a person to read.
const LONGEST: usize = 1 << 20;
const READABLE: usize = 2_000;

#[derive(Default)]
pub struct Heard {
    pub reports: VecDeque<String>,
    /// The last lines that are no report.
    pub other: VecDeque<String>,
    bytes: usize,
}

impl Heard {
    fn line(&mut self, line: &[u8]) {
        let line = String::from_utf8_lossy(line);
        // The test harness may have begun a line before the report.
        let (other, report) = match line.split_once(MARK) {
            Some((other, report)) => (other, Some(report)),
            None => (&*line, None),
        };
        if let Some(report) = report {
            self.bytes += report.len();
            self.reports.push_back(report.to_owned());
            while self.reports.len() > KEPT || self.bytes > BYTES {
                let excess = self.reports.remove(FIRST.min(self.reports.len() - 1)).unwrap_or_default();
                self.bytes -= excess.len();
            }
        }
        if report.is_none() || !other.is_empty() {
            // What moves the cursor or paints would do so to the whole story.
            let plain = other.trim_end().chars().filter(|&c| c == '\t' || !c.is_control());
            self.other.push_back(plain.take(READABLE).collect());
        }
        if self.other.len() > KEPT {
            self.other.pop_front();
        }
    }
}

/// A stream that a thread reads to its end, so that a process that prints much never blocks.
pub struct Listening {
    heard: Arc<Mutex<Heard>>,
    over: Arc<AtomicBool>,
    ended: Receiver<()>,
}

pub fn listen(stream: Option<impl Read + Send + 'static>) -> Listening {
    let (sender, ended) = channel();
    let (heard, over) = (Arc::<Mutex<Heard>>::default(), Arc::<AtomicBool>::default());
    let listening = Listening { heard: heard.clone(), over: over.clone(), ended };
    thread::spawn(move || {
        if let Some(stream) = stream {
            read(stream, &heard, &over);
        }
        // Nobody may be waiting any more.
        let _ = sender.send(());
    });
    listening
}

fn read(stream: impl Read, heard: &Mutex<Heard>, over: &AtomicBool) {
    let mut reader = BufReader::new(stream);
    let mut line = Vec::new();
    while !over.load(Ordering::Relaxed) {
        let Ok(bytes) = reader.fill_buf() else { break };
        let end = bytes.iter().position(|&byte| byte == b'\n');
        let part = &bytes[..end.unwrap_or(bytes.len())];
        line.extend_from_slice(&part[..part.len().min(LONGEST - line.len())]);
        let (all, is_end) = (part.len() + usize::from(end.is_some()), bytes.is_empty());
        reader.consume(all);
        if end.is_some() || (is_end && !line.is_empty()) {
            let Ok(mut heard) = heard.lock() else { break };
            heard.line(&line);
            line.clear();
        }
        if is_end {
            break;
        }
    }
}

impl Listening {
    /// What was heard by the end of the stream or by `until`: a process that the test has left behind may hold it open.
    pub fn heard(self, until: Instant) -> Heard {
        // Out of time or not: what was heard up to now counts.
        let _ = self
            .ended
            .recv_timeout(until.saturating_duration_since(Instant::now()).max(Duration::from_millis(1)));
        self.over.store(true, Ordering::Relaxed);
        self.heard.lock().map(|mut heard| std::mem::take(&mut *heard)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, repeat};

    use super::*;

    fn all(stream: impl Read + Send + 'static) -> Heard {
        listen(Some(stream)).heard(Instant::now() + Duration::from_secs(60))
    }

    #[test]
    fn a_line_without_an_end_is_cut() {
        let promise = Cursor::new("::atoll:: {\"kind\":\"promise\"}\n");
        let heard = all(promise.chain(repeat(b'x').take(64 << 20)));
        assert_eq!(heard.reports, ["{\"kind\":\"promise\"}"]);
        assert_eq!(heard.other.iter().map(String::len).collect::<Vec<_>>(), [READABLE]);
    }

    #[test]
    fn of_too_many_reports_the_first_and_the_last_are_kept() {
        let text: String = (0..5_000).map(|n| format!("a\n{MARK}{n}\n")).collect();
        let heard = all(Cursor::new(text));
        assert_eq!((heard.reports.len(), heard.other.len()), (KEPT, KEPT));
        assert_eq!(
            (heard.reports.front().unwrap().as_str(), heard.reports.back().unwrap().as_str()),
            ("0", "4999")
        );

        let large: String = (0..9).map(|n| format!("{MARK}{n}{}\n", " ".repeat(LONGEST))).collect();
        let heard = all(Cursor::new(large));
        assert!(heard.reports.iter().map(String::len).sum::<usize>() <= BYTES);
        assert!(heard.reports.front().unwrap().starts_with('0'));
    }

    #[test]
    fn who_holds_the_stream_open_is_not_waited_for() {
        let (reader, mut writer) = std::io::pipe().unwrap();
        std::io::Write::write_all(&mut writer, b"::atoll:: 1\nhalf").unwrap();
        let listening = listen(Some(reader));
        let heard = listening.heard(Instant::now() + Duration::from_secs(1));
        assert_eq!(heard.reports, ["1"]);
        drop(writer);
    }

    #[test]
    fn what_would_paint_the_terminal_is_plain() {
        assert_eq!(all(Cursor::new("a\x1b[2J\tb\r\n")).other, ["a[2J\tb"]);
    }
}
