//! The messages between replicas, and when they were sent.

use std::time::Duration;

use crate::change::Change;

/// The messages between some replicas, in order of time. `Display` draws them: one column a replica, the
/// time in milliseconds at the left.
#[derive(Clone, Debug, Default)]
pub struct Transcript {
    /// Replicas and what stands beside their number at the head of a column, in the order of the columns.
    pub(crate) columns: Vec<(u64, String)>,
    pub(crate) messages: Vec<Passage>,
    /// In the order in which they happened.
    pub(crate) events: Vec<Event>,
    /// How many rows are drawn; all of them where nobody said.
    pub(crate) last: Option<usize>,
}

/// A message in a transcript.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message(pub(crate) usize);

/// A message's path.
#[derive(Clone, Debug)]
pub(crate) struct Passage {
    pub(crate) from: u64,
    pub(crate) to: u64,
    pub(crate) label: String,
    pub(crate) fate: Fate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    OnItsWay,
    Received,
    Lost { at: Duration },
}

/// Something that happened.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) at: Duration,
    pub(crate) what: Happened,
}

#[derive(Clone, Debug)]
pub(crate) enum Happened {
    Sent(Message),
    Received(Message),
    Note { replica: u64, text: String },
}

impl Transcript {
    /// A transcript with a column for each of these replicas, from left to right: its number, and what is
    /// to stand beside it, its region for example. A replica that is not among them gets the next column.
    pub fn new(columns: &[(u64, &str)]) -> Self {
        let columns = columns.iter().map(|(replica, name)| (*replica, (*name).to_owned())).collect();
        Self { columns, ..Self::default() }
    }

    /// Replica `from` sends a message to `to`, at a time since the beginning. It is on its way until it is
    /// said to be received or lost.
    pub fn sent(&mut self, at: Duration, from: u64, to: u64, label: impl Into<String>) -> Message {
        let message = self.message(from, to, label.into());
        self.happened(at, Happened::Sent(message));
        message
    }

    /// The message arrives.
    pub fn received(&mut self, at: Duration, message: Message) {
        if self.set(message, Fate::Received) {
            self.happened(at, Happened::Received(message));
        }
    }

    /// The message is lost: what would have brought it is gone at this time. If it arrives anyway,
    /// it was not.
    pub fn lost(&mut self, at: Duration, message: Message) {
        self.set(message, Fate::Lost { at });
    }

    /// Something happens at a replica that is no message: "killed", "the link to replica 2 is cut".
    pub fn note(&mut self, at: Duration, replica: u64, text: impl Into<String>) {
        self.column(replica);
        self.happened(at, Happened::Note { replica, text: text.into() });
    }

    /// The same transcript, of which only the last `rows` rows are drawn.
    #[must_use]
    pub fn last(mut self, rows: usize) -> Self {
        self.last = Some(rows);
        self
    }

    /// Adds what a reader of streams heard. All messages come from one reader: they have its numbers.
    pub(crate) fn apply(&mut self, at: Duration, change: Change) {
        match change {
            Change::Sent(sent) => {
                self.sent(at, sent.from, sent.to, sent.label);
            }
            Change::Appeared(sent) => {
                let message = self.message(sent.from, sent.to, sent.label);
                self.received(at, message);
            }
            Change::Arrived(message) => self.received(at, Message(message as usize)),
            Change::Lost(message) => self.lost(at, Message(message as usize)),
        }
    }

    /// A message whose sending nobody saw: the log that would tell of it is not there.
    pub(crate) fn message(&mut self, from: u64, to: u64, label: String) -> Message {
        self.column(from);
        self.column(to);
        self.messages.push(Passage { from, to, label, fate: Fate::OnItsWay });
        Message(self.messages.len() - 1)
    }

    fn column(&mut self, replica: u64) {
        if !self.columns.iter().any(|(known, _)| *known == replica) {
            self.columns.push((replica, String::new()));
        }
    }

    /// Whether the message is one of this transcript.
    fn set(&mut self, message: Message, fate: Fate) -> bool {
        let passage = self.messages.get_mut(message.0);
        passage.map(|passage| passage.fate = fate).is_some()
    }

    fn happened(&mut self, at: Duration, what: Happened) {
        self.events.push(Event { at, what });
    }
}
