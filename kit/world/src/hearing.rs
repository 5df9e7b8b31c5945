//! What the replicas of a run say to each other and complain of. A thread runs one fleet at a time, so each thread
//! hears its own.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{LazyLock, Once};
use std::time::Duration;

use serde_json::json;
use tracing::dispatcher::{Dispatch, with_default};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::subscriber::Interest;
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};
use transcript::{TARGET, Transcript};

use crate::numbers::Numbers;

thread_local! {
    static HEARING: RefCell<Hearing> = RefCell::default();
}

/// A message that a half of a stream told of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// When, since the fleet was begun.
    pub at: Duration,
    /// The replica whose half it is.
    pub me: u64,
    /// The replica at the other end.
    pub peer: u64,
    /// What the stream is called.
    pub stream: String,
    /// Which half, counted from 1 in each run.
    pub half: u64,
    /// Which message of the half.
    pub n: u64,
    /// The message in words.
    pub label: String,
    /// What happened to it.
    pub what: String,
}

/// What a replica logged as an error, or the panic of one of its tasks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// When, since the fleet was begun.
    pub at: Duration,
    /// Who.
    pub replica: u64,
    /// Its words.
    pub text: String,
    /// Whether a task panicked.
    pub panicked: bool,
}

/// All that was heard in a run. Two runs of one schedule with one seed hear the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// What became of messages, in the order of time.
    pub messages: Vec<Told>,
    /// What went wrong, in the order of time.
    pub complaints: Vec<Complaint>,
}

impl Heard {
    /// The first exercise that a replica came to and that is still a `todo!`, and where it is.
    pub fn open(&self) -> Option<String> {
        let panics = self.complaints.iter().filter(|complaint| complaint.panicked);
        panics.filter_map(|complaint| open(&complaint.text)).next()
    }
}

/// What a panic of `todo!("exercise …")` says.
fn open(panic: &str) -> Option<String> {
    let (place, words) = panic.split_once(":\nnot yet implemented: exercise ")?;
    // The column helps nobody.
    let (place, _) = place.strip_prefix("panicked at ")?.rsplit_once(':')?;
    Some(format!("{words} ({place})"))
}

#[derive(Default)]
struct Hearing {
    now: Duration,
    replica: u64,
    numbers: Numbers,
    /// Halves are numbered in the whole process; here they get numbers of this run.
    halves: BTreeMap<u64, u64>,
    heard: Option<Heard>,
}

/// Listens to this thread, and to no other: tests run in those, with subscribers of their own.
pub fn listening<T>(run: impl FnOnce() -> T) -> T {
    static LISTENER: LazyLock<Dispatch> =
        LazyLock::new(|| Dispatch::new(tracing_subscriber::registry().with(Listener)));
    with_default(&LISTENER, run)
}

/// Hears from now on what happens on this thread.
pub fn begin() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let default = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !complain(info.to_string(), true) {
                default(info);
            }
        }));
    });
    HEARING.set(Hearing { heard: Some(Heard::default()), ..Hearing::default() });
}

/// What happens from now on happens at this replica; 0 is none.
pub fn at(now: Duration, replica: u64) {
    HEARING.with_borrow_mut(|hearing| (hearing.now, hearing.replica) = (now, replica));
}

/// From now on replicas go by these numbers.
pub fn of(numbers: Numbers) {
    HEARING.with_borrow_mut(|hearing| hearing.numbers = numbers);
}

/// Nobody hears what happens meanwhile.
pub fn unheard(act: impl FnOnce()) {
    let heard = HEARING.with_borrow_mut(|hearing| hearing.heard.take());
    act();
    HEARING.with_borrow_mut(|hearing| hearing.heard = heard);
}

/// What was heard. Nothing is heard any more: what happens while a fleet is taken apart is nobody's word.
pub fn end() -> Heard {
    HEARING.take().heard.unwrap_or_default()
}

/// The complaints until now.
pub fn complaints() -> Vec<Complaint> {
    HEARING.with_borrow(|hearing| {
        hearing.heard.as_ref().map(|heard| heard.complaints.clone()).unwrap_or_default()
    })
}

/// Whether somebody hears it.
fn complain(text: String, panicked: bool) -> bool {
    let note = |hearing: &mut Hearing| {
        let Hearing { now, replica, heard: Some(heard), .. } = hearing else { return false };
        heard.complaints.push(Complaint { at: *now, replica: *replica, text, panicked });
        // Outside of all replicas it is the fleet itself that panicked.
        *replica != 0
    };
    HEARING
        .try_with(|hearing| hearing.try_borrow_mut().is_ok_and(|mut hearing| note(&mut hearing)))
        .unwrap_or(false)
}

/// The diagram of messages; its time begins at `start`.
pub fn drawn<'a>(start: Duration, messages: impl IntoIterator<Item = &'a Told>) -> Transcript {
    Transcript::from_log_since(start, messages.into_iter().map(line))
}

/// As a process would have logged it.
fn line(told: &Told) -> String {
    let Told { at, me, peer, stream, half, n, label, what } = told;
    let (seconds, micros) = (at.as_secs(), at.subsec_micros());
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let timestamp = format!("1970-01-01T{hours:02}:{minutes:02}:{seconds:02}.{micros:06}Z");
    json!({
        "timestamp": timestamp, "target": TARGET, "me": me, "peer": peer, "stream": stream, "half": half, "n": n,
        "label": label, "what": what,
    })
    .to_string()
}

struct Listener;

fn is_wanted(metadata: &Metadata<'_>) -> bool {
    *metadata.level() == Level::ERROR || (metadata.target() == TARGET && *metadata.level() == Level::DEBUG)
}

impl<S: Subscriber> Layer<S> for Listener {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if is_wanted(metadata) { Interest::always() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        is_wanted(metadata)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::DEBUG)
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if *event.metadata().level() == Level::ERROR {
            let mut words = Words(String::new());
            event.record(&mut words);
            complain(words.0, false);
            return;
        }
        let mut told = Told::default();
        event.record(&mut told);
        // A task that ends with its thread has nobody left to tell.
        let _ = HEARING.try_with(|hearing| hearing.borrow_mut().hear(told));
    }
}

impl Hearing {
    fn hear(&mut self, mut told: Told) {
        let Some(heard) = &mut self.heard else { return };
        let next = self.halves.len() as u64 + 1;
        told.half = *self.halves.entry(told.half).or_insert(next);
        told.at = self.now;
        (told.me, told.peer) = (self.numbers.replica(told.me), self.numbers.replica(told.peer));
        heard.messages.push(told);
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

/// The words of an event, and its fields.
struct Words(String);

impl Visit for Words {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let name = field.name();
        let words = if name == "message" { format!("{value:?}") } else { format!("{name}={value:?}") };
        self.0 += if self.0.is_empty() { "" } else { " " };
        self.0 += &words;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_exercise_is_told_with_its_place_and_no_other_panic_is_one() {
        let text = "panicked at chapters/06-antientropy/src/ticker.rs:38:9:\nnot yet implemented: exercise 6.5: When, and with whom";
        assert_eq!(
            open(text).unwrap(),
            "6.5: When, and with whom (chapters/06-antientropy/src/ticker.rs:38)"
        );
        assert_eq!(open("panicked at src/a.rs:1:2:\nnot yet implemented"), None);
        assert_eq!(open("panicked at src/a.rs:1:2:\nindex out of bounds"), None);
    }
}
