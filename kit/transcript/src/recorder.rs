//! The transcript of a test.

use std::fmt;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;
use tracing::field::{Field, Visit};
use tracing::subscriber::{DefaultGuard, Interest, set_default};
use tracing::{Dispatch, Event, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};

use crate::follow::{Follower, Told};
use crate::tell::TARGET;
use crate::transcript::Transcript;

/// Listens to the messages of a test, in tokio's time: what the test has paused stands still here too.
#[derive(Debug)]
#[must_use = "it records for as long as it is held"]
pub struct Recorder {
    heard: Heard,
    start: Instant,
    _guard: DefaultGuard,
}

/// A subscriber that nobody reads. While there is only one in the process, tracing asks the present thread's
/// subscriber about an event that it meets for the first time; where a test that records nothing meets it, no
/// test would ever hear of it. With two, it asks all.
static SECOND: LazyLock<Dispatch> = LazyLock::new(|| {
    let heard = Heard(Arc::default());
    Dispatch::new(tracing_subscriber::registry().with(Listener { heard, start: Instant::now() }))
});

impl Recorder {
    /// Records from now on what happens on this thread, which in a `#[tokio::test]` is all of its tasks. The
    /// time begins now, and the columns are those of [`Transcript::new`].
    pub fn install(columns: &[(u64, &str)]) -> Self {
        LazyLock::force(&SECOND);
        let start = Instant::now();
        let heard = Heard(Arc::new(Mutex::new((Follower::default(), Transcript::new(columns)))));
        let layer = Listener { heard: heard.clone(), start };
        let guard = set_default(tracing_subscriber::registry().with(layer));
        Self { heard, start, _guard: guard }
    }

    /// What was said so far.
    pub fn transcript(&self) -> Transcript {
        self.heard.lock().1.clone()
    }

    /// Who waits at this moment, a sentence each: "replica 1 waits to send change 5@1 to replica 2",
    /// "replica 2 waits to receive from replica 1"; by replica, and sending before receiving.
    pub fn waits(&self) -> Vec<String> {
        self.heard.lock().0.waits()
    }

    /// Adds what happens at a replica and is no message, such as "killed".
    pub fn note(&self, replica: u64, text: &str) {
        self.heard.lock().1.note(self.start.elapsed(), replica, text);
    }
}

#[derive(Clone, Debug)]
struct Heard(Arc<Mutex<(Follower, Transcript)>>);

impl Heard {
    /// A test that panicked is told with what was heard until then.
    fn lock(&self) -> MutexGuard<'_, (Follower, Transcript)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Listener {
    heard: Heard,
    start: Instant,
}

impl<S: Subscriber> Layer<S> for Listener {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if metadata.target() == TARGET { Interest::always() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        metadata.target() == TARGET
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut told = Told::default();
        event.record(&mut told);
        let (follower, transcript) = &mut *self.heard.lock();
        for change in follower.hear(told) {
            transcript.apply(self.start.elapsed(), change);
        }
    }
}

impl Visit for Told {
    fn record_u64(&mut self, field: &Field, value: u64) {
        match field.name() {
            "me" => self.me = value,
            "peer" => self.peer = value,
            "half" => self.half = value,
            "n" => self.n = value,
            _ => {}
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "stream" => value.clone_into(&mut self.stream),
            "label" => value.clone_into(&mut self.label),
            "what" => value.clone_into(&mut self.what),
            _ => {}
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}
