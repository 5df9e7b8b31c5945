//! The last minutes: the state before them, and the events since.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::event::Event;
use crate::state::State;

/// How far back it goes, in milliseconds.
const LENGTH: f64 = 5.0 * 60.0 * 1000.0;

/// The most events: five minutes with 50 writes a second are some 130,000, which are 16 MB in JSON.
const EVENTS: usize = 150_000;

/// An event and its JSON, which is made once for all subscribers.
#[derive(Debug)]
pub struct Told {
    /// The event.
    pub event: Event,
    /// The same in JSON, on one line.
    pub json: String,
}

/// The state before the oldest event that is kept, and the events since.
#[derive(Clone, Debug)]
pub struct History {
    /// How it was before the first of the events.
    pub base: State,
    /// What happened since.
    pub events: VecDeque<Arc<Told>>,
}

impl History {
    /// A history that begins with this state.
    pub fn new(base: State) -> Self {
        Self { base, events: VecDeque::new() }
    }

    /// Adds an event; forgets those that are too old at `now`, and those that are too many.
    pub fn push(&mut self, told: Arc<Told>, now: f64) {
        self.events.push_back(told);
        let first = |events: &VecDeque<Arc<Told>>| {
            let first = events.front()?;
            (events.len() > EVENTS || first.event.at < now - LENGTH).then(|| first.clone())
        };
        while let Some(told) = first(&self.events) {
            self.base.apply(&told.event);
            self.base.now = self.base.now.max(told.event.at);
            self.events.pop_front();
        }
    }

    /// The whole in JSON, on one line.
    ///
    /// # Errors
    /// If a value cannot be told in JSON, which no value of a state is.
    pub fn json(&self, now: f64) -> serde_json::Result<String> {
        let base = serde_json::to_string(&self.base)?;
        let events: Vec<&str> = self.events.iter().map(|told| told.json.as_str()).collect();
        Ok(format!("{{\"base\":{base},\"events\":[{}],\"now\":{now}}}", events.join(",")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::What;

    fn load(seq: u64, at: f64) -> Arc<Told> {
        let event = Event { seq, at, what: What::Load { per_second: seq as u32 } };
        let json = serde_json::to_string(&event).unwrap();
        Arc::new(Told { event, json })
    }

    #[test]
    fn what_is_too_old_goes_into_the_base() {
        let mut history = History::new(State::new(None));
        history.push(load(1, 0.0), 0.0);
        history.push(load(2, 1_000.0), 1_000.0);
        history.push(load(3, LENGTH + 1_000.0), LENGTH + 1_000.0);
        assert_eq!((history.base.load, history.base.seq, history.events.len()), (1, 1, 2));
        let json: serde_json::Value = serde_json::from_str(&history.json(7.5).unwrap()).unwrap();
        assert_eq!((&json["base"]["load"], &json["events"][1]["per_second"]), (&1.into(), &3.into()));
        assert_eq!(json["now"], 7.5);
    }

    #[test]
    fn the_number_of_events_has_a_bound() {
        let mut history = History::new(State::new(None));
        for seq in 1..=(EVENTS as u64 + 10) {
            history.push(load(seq, 0.0), 0.0);
        }
        assert_eq!((history.events.len(), history.base.seq), (EVENTS, 10));
    }
}
