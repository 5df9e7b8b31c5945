//! The feed: events are published here, and everybody subscribes here.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::broadcast;
use tokio::time::Instant;

use crate::event::{Event, What};
use crate::history::{History, Told};
use crate::state::State;

/// How many events a listener may be behind before it has a gap: several seconds under load, since a browser that
/// takes in five minutes of history must not have the next gap by then.
pub const BEHIND: usize = 8_192;

/// The one sequence of events. Clones are the same one.
#[derive(Clone, Debug)]
pub struct Feed(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    began: Instant,
    /// The same moment, since 1970: the time of the logs.
    epoch: Duration,
    /// A plain mutex: it is never held across an await, and only briefly.
    inner: Mutex<Inner>,
    sender: broadcast::Sender<Arc<Told>>,
}

#[derive(Debug)]
struct Inner {
    state: State,
    history: History,
}

impl Feed {
    /// A feed that begins now. `mine`: the exercises that are open, for an attendee's own code.
    pub fn new(mine: Option<Vec<String>>) -> Self {
        let state = State::new(mine);
        let inner = Mutex::new(Inner { history: History::new(state.clone()), state });
        let epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let (sender, _) = broadcast::channel(BEHIND);
        Self(Arc::new(Shared { began: Instant::now(), epoch, inner, sender }))
    }

    /// Milliseconds since the demo began, with one decimal.
    pub fn now(&self) -> f64 {
        rounded(self.0.began.elapsed().as_secs_f64() * 1000.0)
    }

    /// The same for a time since 1970.
    pub fn at(&self, since_1970: Duration) -> f64 {
        rounded((since_1970.as_secs_f64() - self.0.epoch.as_secs_f64()) * 1000.0)
    }

    /// Tells that something happens now.
    pub fn tell(&self, what: What) {
        self.tell_at(self.now(), what);
    }

    /// Tells that something happened at a time since the demo began, in milliseconds.
    pub fn tell_at(&self, at: f64, what: What) {
        let now = self.now();
        let mut inner = self.lock();
        let event = Event { seq: inner.state.seq + 1, at, what };
        // Numbers, texts and lists of them are always told.
        let Ok(json) = serde_json::to_string(&event) else { return };
        inner.state.apply(&event);
        let told = Arc::new(Told { event, json });
        inner.history.push(told.clone(), now);
        // Nobody has to listen.
        let _ = self.0.sender.send(told);
    }

    /// Tells something for the log.
    pub fn note(&self, replica: Option<u64>, text: impl Into<String>) {
        self.tell(What::Note { replica, text: text.into() });
    }

    /// How it is now.
    pub fn state(&self) -> State {
        let mut state = self.lock().state.clone();
        state.now = self.now();
        state
    }

    /// Something of how it is now, without a copy of the rest.
    pub fn look<T>(&self, at: impl FnOnce(&State) -> T) -> T {
        at(&self.lock().state)
    }

    /// The last minutes.
    pub fn history(&self) -> History {
        self.lock().history.clone()
    }

    /// The last minutes, and all that happens after them.
    pub fn listen(&self) -> (History, broadcast::Receiver<Arc<Told>>) {
        let inner = self.lock();
        (inner.history.clone(), self.0.sender.subscribe())
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn rounded(ms: f64) -> f64 {
    (ms * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_listens_has_the_history_and_all_after_it() {
        let feed = Feed::new(None);
        feed.note(None, "before");
        let (history, mut receiver) = feed.listen();
        feed.note(None, "after");
        assert_eq!(history.events.len(), 1);
        let told = receiver.recv().await.unwrap();
        assert_eq!(told.event.seq, 2);
        assert_eq!(feed.state().seq, 2);
    }

    #[tokio::test]
    async fn who_is_too_slow_has_a_gap_and_nobody_waits() {
        let feed = Feed::new(None);
        let (_, mut receiver) = feed.listen();
        (0..=BEHIND).for_each(|_| feed.note(None, "again"));
        assert!(matches!(receiver.recv().await, Err(broadcast::error::RecvError::Lagged(1))));
    }
}
