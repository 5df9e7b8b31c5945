//! A transcript from the logs of several processes.

use std::time::Duration;

use serde_json::Value;

use crate::follow::{Follower, Told};
use crate::tell::TARGET;
use crate::transcript::Transcript;

impl Transcript {
    /// The messages that log lines in JSON tell of, at the level debug: give the lines of all processes, in
    /// any order. The time begins with the first of them, and it is that of the processes' clocks. Lines that
    /// tell of no message are passed over.
    pub fn from_log<L: AsRef<str>>(lines: impl IntoIterator<Item = L>) -> Self {
        let mut told: Vec<_> = lines.into_iter().filter_map(|line| parse(line.as_ref())).collect();
        // Stable: what one process tells keeps its order.
        told.sort_by_key(|(at, _)| *at);
        let start = told.first().map_or(Duration::ZERO, |(at, _)| *at);
        let mut replicas: Vec<_> = told.iter().flat_map(|(_, told)| [told.me, told.peer]).collect();
        replicas.sort_unstable();
        replicas.dedup();
        let columns: Vec<_> = replicas.into_iter().map(|replica| (replica, "")).collect();
        let mut follower = Follower::new(Self::new(&columns));
        for (at, told) in told {
            follower.hear(at - start, told);
        }
        follower.transcript
    }
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
