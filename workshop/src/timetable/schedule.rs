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
    /// Commands for everybody to type; they take no time worth a line in the sum.
    Fill(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub start: Clock,
    pub minutes: u32,
    pub what: What,
}

/// Lunch comes so many minutes early rather than shortly after a pause.
const NEAR: u32 = 30;

/// The day, minute by minute: `items` in their order, with pauses where they are due.
pub fn lay_out(rules: &Timetable, pause: u32, day: &Day, items: Vec<(u32, What)>) -> Vec<Entry> {
    let mut entries = Vec::new();
    let (mut now, mut lunch) = (day.start, day.lunch);
    // Minutes since the last pause, and those of the exercises that stand together.
    let (mut since, mut block) = (0, 0);
    for (minutes, what) in items {
        let works = matches!(what, What::Exercise(..));
        let long = since > 0 && since + minutes > rules.stretch || works && block > 0 && block + minutes > rules.block;
        let rest = match lunch {
            // The pauses between two items are where lunch can be: this one is nearer to it than the next.
            Some(lunch) if now - lunch.at >= lunch.at - now && now >= lunch.at => Some((lunch.minutes, What::Lunch)),
            Some(lunch) if (now + minutes) - lunch.at > lunch.at - now => Some((lunch.minutes, What::Lunch)),
            Some(lunch) if long && lunch.at - now <= NEAR => Some((lunch.minutes, What::Lunch)),
            _ => long.then_some((pause, What::Pause)),
        };
        if let Some((minutes, what)) = rest {
            if what == What::Lunch {
                lunch = None;
            }
            entries.push(Entry { start: now, minutes, what });
            now = now + minutes;
            (since, block) = (0, 0);
        }
        if minutes > 0 {
            block = if works { block + minutes } else { 0 };
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
