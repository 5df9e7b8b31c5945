//! Messages between replicas over time: what a space-time diagram shows (Lamport, "Time, Clocks, and the
//! Ordering of Events in a Distributed System", 1978, section "The Partial Ordering").

use anyhow::{Result, ensure};

/// A scene: its events in the order in which they happened, and what they are about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scene {
    /// What times are counted in: `ms`, `day`; empty if they are no more than an order.
    pub unit: String,
    /// From left to right.
    pub columns: Vec<Column>,
    /// In no particular order; events name them by their place here.
    pub messages: Vec<Message>,
    /// Ordered by time; those of one time in the order in which they happened.
    pub events: Vec<Event>,
}

/// A replica, or whoever else sends and receives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// How it is called: `us`, `initiator`.
    pub name: String,
    /// What stands small beside the name: `replica 1`.
    pub about: String,
    /// Where it is, if that is known.
    pub region: Option<Region>,
}

/// The three regions, each with a colour and a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Region {
    /// United States, a circle.
    Us,
    /// Germany, a square.
    De,
    /// Singapore, a triangle.
    Sg,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The sender's column.
    pub from: usize,
    /// The receiver's column.
    pub to: usize,
    /// What it says.
    pub label: String,
    /// How it ends.
    pub fate: Fate,
}

/// How a message ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It arrives, and that is an event of the scene.
    Arrives,
    /// It does not arrive within the scene.
    OnItsWay,
    /// It never arrives; since when that is certain, if it is known.
    Lost(Option<u64>),
}

/// Something at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When, in the scene's unit.
    pub at: u64,
    /// What happens then.
    pub what: What,
}

/// What happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The message at this place is sent.
    Sent(usize),
    /// The message at this place arrives.
    Arrived(usize),
    /// Something is to be said about a column.
    Note(usize, String),
}

impl Region {
    pub(crate) fn of(name: &str) -> Option<Self> {
        match name {
            "us" | "replica 1" => Some(Self::Us),
            "de" | "replica 2" => Some(Self::De),
            "sg" | "replica 3" => Some(Self::Sg),
            _ => None,
        }
    }

    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Us => "us",
            Self::De => "de",
            Self::Sg => "sg",
        }
    }
}

impl Scene {
    /// The part between two times, both included.
    ///
    /// What was sent before it is left out, whenever it arrives; what arrives after it is on its way.
    ///
    /// # Errors
    /// If nothing is left.
    pub(crate) fn cut(mut self, from: Option<u64>, to: Option<u64>) -> Result<Self> {
        let within =
            |event: &Event| from.is_none_or(|from| from <= event.at) && to.is_none_or(|to| event.at <= to);
        let happens = |what: &What| self.events.iter().any(|event| event.what == *what && within(event));
        let (mut kept, mut messages) = (Vec::new(), Vec::new());
        for (place, message) in self.messages.iter().enumerate() {
            let (sent, arrives) = (happens(&What::Sent(place)), happens(&What::Arrived(place)));
            let known = self.events.iter().any(|event| event.what == What::Sent(place));
            kept.push((sent || (arrives && !known)).then_some(messages.len()));
            if kept[place].is_some() {
                let fate =
                    if message.fate == Fate::Arrives && !arrives { Fate::OnItsWay } else { message.fate };
                messages.push(Message { fate, ..message.clone() });
            }
        }
        self.events.retain_mut(|event| {
            let stays = within(event);
            match &mut event.what {
                What::Sent(place) | What::Arrived(place) => {
                    let new = kept[*place];
                    *place = new.unwrap_or_default();
                    stays && new.is_some()
                }
                What::Note(..) => stays,
            }
        });
        self.messages = messages;
        let given = |value: Option<u64>| value.map_or("...".to_owned(), |value| value.to_string());
        let (from, to, unit) = (given(from), given(to), &self.unit);
        ensure!(!self.events.is_empty(), "nothing happens between {from} and {to} {unit}");
        Ok(self)
    }
}
