//! The diagram of a transcript.
//!
//! A message that is sent has its label in the sender's column, and an arrow from there to the edge of the
//! receiver's, where it goes into the wire; it comes out again in the row of its arrival. Where nothing lies
//! between, one row is enough for both.

use std::fmt;
use std::time::Duration;

use crate::row::{Grid, Row, Tip};
use crate::transcript::{Event, Fate, Happened, Message, Passage, Transcript};

/// The longest word beside an arrow that does not arrive.
const ON_ITS_WAY: usize = "on its way".len();

impl fmt::Display for Transcript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let grid = self.grid();
        let rows = self.rows(grid);
        let skipped = self.last.map_or(0, |last| rows.len().saturating_sub(last));
        let width = rows.iter().map(|(at, _)| at.len()).max().unwrap_or(0).max(4);
        let mut head = Row::new(grid);
        for (column, (replica, name)) in self.columns.iter().enumerate() {
            head.text(column, &title(*replica, name));
        }
        writeln!(f, "{:>width$} {head}", "ms")?;
        if skipped > 0 {
            let mut row = Row::new(grid);
            row.text(0, &format!("({skipped} rows before these)"));
            writeln!(f, "{:>width$} {row}", "...")?;
        }
        for (at, row) in rows.iter().skip(skipped) {
            writeln!(f, "{at:>width$} {row}")?;
        }
        Ok(())
    }
}

impl Transcript {
    fn grid(&self) -> Grid {
        let labels = self.messages.iter().map(|message| message.label.chars().count());
        let titles = self.columns.iter().map(|(replica, name)| title(*replica, name).chars().count());
        let text = labels.chain(titles).max().unwrap_or(0).max(ON_ITS_WAY);
        Grid { columns: self.columns.len(), text }
    }

    /// The rows, each with its time.
    fn rows(&self, grid: Grid) -> Vec<(String, Row)> {
        let mut events: Vec<&Event> = self.events.iter().collect();
        events.sort_by_key(|event| event.at);
        let mut events = events.into_iter().peekable();
        let mut rows = Vec::new();
        while let Some(event) = events.next() {
            let mut row = Row::new(grid);
            let at = event.at.as_millis();
            match &event.what {
                Happened::Sent(message) => {
                    let arrives = |next: &&Event| {
                        next.at.as_millis() == at
                            && matches!(next.what, Happened::Received(arrived) if arrived == *message)
                    };
                    let at_once = events.next_if(arrives).is_some();
                    self.draw(&mut row, event.at, *message, at_once);
                }
                Happened::Received(message) => {
                    let (passage, from, to) = self.passage(*message);
                    row.arrived(from, to, &passage.label);
                }
                Happened::Note { replica, text } => row.text(self.place(*replica), &format!("* {text}")),
            }
            rows.push((at.to_string(), row));
        }
        rows
    }

    fn draw(&self, row: &mut Row, sent: Duration, message: Message, at_once: bool) {
        let (passage, from, to) = self.passage(message);
        let tip = match passage.fate {
            _ if at_once => Tip::Arrived,
            Fate::Received => Tip::Edge,
            Fate::OnItsWay => Tip::OnItsWay,
            Fate::Lost { at } if at.as_millis() == sent.as_millis() => Tip::Lost("lost".to_owned()),
            Fate::Lost { at } => Tip::Lost(format!("lost at {}", at.as_millis())),
        };
        row.sent(from, to, &passage.label, tip);
    }

    /// A message, and the columns of its sender and its receiver.
    fn passage(&self, message: Message) -> (&Passage, usize, usize) {
        let passage = &self.messages[message.0];
        (passage, self.place(passage.from), self.place(passage.to))
    }

    fn place(&self, replica: u64) -> usize {
        self.columns.iter().position(|(known, _)| *known == replica).unwrap_or(0)
    }
}

fn title(replica: u64, name: &str) -> String {
    format!("replica {replica}  {name}").trim_end().to_owned()
}
