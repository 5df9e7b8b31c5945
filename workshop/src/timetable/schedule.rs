//! Lays out a day: what is taught gets clock times, and pauses come between.

use crate::id::Id;
use crate::timetable::plan::{Clock, Day, Timetable};

/// What time is spent on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    Talk(String),
    Exercise(Id, String),
    Show(String),
    Pause,
    Lunch,
    /// A command for everybody to type; it takes no time.
    Fill(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub start: Clock,
    pub minutes: u32,
    pub what: What,
}

/// If a pause is due this many minutes before lunch, lunch comes early.
const NEAR: u32 = 45;

/// The day, minute by minute: the items in their order, with pauses where they are due.
pub fn lay_out(rules: &Timetable, day: &Day, items: Vec<(u32, What)>) -> Vec<Entry> {
    let mut entries = Vec::new();
    let (mut now, mut lunch) = (day.start, day.lunch);
    // Minutes since the last pause, and those of the exercises that stand together.
    let (mut since, mut block) = (0, 0);
    for (minutes, what) in items {
        let works = matches!(what, What::Exercise(..));
        let due = since + minutes > rules.stretch || works && block + minutes > rules.block;
        let due = due && since > 0;
        // No item is interrupted, so lunch is either now or, at the earliest, after this one.
        let rest = match lunch.take_if(|lunch| {
            let (early, late) = (lunch.at.away(now), lunch.at.away(now + minutes));
            minutes > 0 && (early <= late || due && early <= NEAR)
        }) {
            Some(lunch) => Some((lunch.minutes, What::Lunch)),
            None => due.then_some((rules.pause, What::Pause)),
        };
        if let Some((minutes, what)) = rest {
            entries.push(Entry { start: now, minutes, what });
            now = now + minutes;
            (since, block) = (0, 0);
        }
        match works {
            true => block += minutes,
            false => block = 0,
        }
        since += minutes;
        entries.push(Entry { start: now, minutes, what });
        now = now + minutes;
    }
    entries
}

/// When the last of them ends.
pub fn end(day: &Day, entries: &[Entry]) -> Clock {
    entries.last().map_or(day.start, |entry| entry.start + entry.minutes)
}
