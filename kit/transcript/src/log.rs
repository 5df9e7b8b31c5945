//! Messages from the logs of several processes.

use std::time::Duration;

use serde_json::Value;

use crate::change::Change;
use crate::follow::{Follower, Told};
use crate::tell::TARGET;
use crate::transcript::Transcript;

/// Reads the logs of several processes, whole or while they grow, and tells what becomes of messages.
#[derive(Debug, Default)]
pub struct LogReader {
    follower: Follower,
    taken: Vec<(Duration, Told)>,
}

impl LogReader {
    /// Takes in a line of a log in JSON, at the level debug. Lines that tell of no message are passed over.
    /// Each process's lines come in their order; between processes there need be none.
    pub fn take(&mut self, line: &str) {
        self.taken.extend(parse(line));
    }

    /// What the lines taken in until now tell of the time up to `until`, in the order of time. Times are
    /// those of the processes' clocks, since 1970. What is later waits for the next call: a log that is read a
    /// little later than another may tell of what was before.
    pub fn changes(&mut self, until: Duration) -> Vec<(Duration, Change)> {
        // Stable: what one process tells keeps its order.
        self.taken.sort_by_key(|(at, _)| *at);
        let later = self.taken.partition_point(|(at, _)| *at <= until);
        let told = self.taken.drain(..later);
        let follower = &mut self.follower;
        told.flat_map(|(at, told)| follower.hear(told).into_iter().map(move |change| (at, change))).collect()
    }
}

impl Transcript {
    /// The messages that log lines in JSON tell of, at the level debug: give the lines of all processes, in
    /// any order. The time begins with the first of them, and it is that of the processes' clocks. Lines that
    /// tell of no message are passed over.
    pub fn from_log<L: AsRef<str>>(lines: impl IntoIterator<Item = L>) -> Self {
        let reader = read(lines);
        let start = reader.taken.iter().map(|(at, _)| *at).min().unwrap_or_default();
        Self::from_reader(reader, start)
    }

    /// The same, with a time that begins at `start`, which is since 1970 as the lines' times are.
    pub fn from_log_since<L: AsRef<str>>(start: Duration, lines: impl IntoIterator<Item = L>) -> Self {
        Self::from_reader(read(lines), start)
    }

    fn from_reader(mut reader: LogReader, start: Duration) -> Self {
        let mut replicas: Vec<_> = reader.taken.iter().flat_map(|(_, told)| [told.me, told.peer]).collect();
        replicas.sort_unstable();
        replicas.dedup();
        let columns: Vec<_> = replicas.into_iter().map(|replica| (replica, "")).collect();
        let mut transcript = Self::new(&columns);
        for (at, change) in reader.changes(Duration::MAX) {
            transcript.apply(at.saturating_sub(start), change);
        }
        transcript
    }
}

fn read<L: AsRef<str>>(lines: impl IntoIterator<Item = L>) -> LogReader {
    let mut reader = LogReader::default();
    lines.into_iter().for_each(|line| reader.take(line.as_ref()));
    reader
}

fn parse(line: &str) -> Option<(Duration, Told)> {
    // Most lines of a log tell of other things: they need not be read as JSON.
    if !line.contains(TARGET) {
        return None;
    }
    let line: Value = serde_json::from_str(line).ok()?;
    let number = |name| line.get(name).and_then(Value::as_u64);
    let text = |name| line.get(name).and_then(Value::as_str);
    if text("target")? != TARGET {
        return None;
    }
    let told = Told {
        me: number("me")?,
        peer: number("peer")?,
        stream: text("stream")?.to_owned(),
        half: number("half")?,
        n: number("n")?,
        label: text("label").unwrap_or_default().to_owned(),
        what: text("what")?.to_owned(),
    };
    Some((time(text("timestamp")?)?, told))
}

/// Reads "2026-11-23T15:10:33.123456Z" as the time since 1970.
fn time(timestamp: &str) -> Option<Duration> {
    let (date, time) = timestamp.strip_suffix('Z')?.split_once('T')?;
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let [year, month, day] = numbers(date, '-')?;
    let [hour, minute, second] = numbers(time, ':')?;
    let nanos = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
    let seconds = days(year, month, day)?.checked_mul(86_400)? + hour * 3600 + minute * 60 + second;
    Some(Duration::new(seconds, nanos))
}

fn numbers(text: &str, separator: char) -> Option<[u64; 3]> {
    let numbers: Vec<u64> = text.split(separator).map(str::parse).collect::<Result<_, _>>().ok()?;
    numbers.try_into().ok()
}

/// The days from 1970-01-01 to a date of the Gregorian calendar.
fn days(year: u64, month: u64, day: u64) -> Option<u64> {
    // The year begins in March, so that the day that a leap year adds is its last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year.checked_sub(1)?, month + 9) };
    let leaps = year / 4 - year / 100 + year / 400;
    let in_year = (153 * month + 2) / 5 + day.checked_sub(1)?;
    (year * 365 + leaps + in_year).checked_sub(719_468)
}
