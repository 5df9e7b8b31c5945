//! What the replicas say to each other, as their logs tell it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::task::spawn_blocking;
use tokio::time::{MissedTickBehavior, interval};
use transcript::{Change, LogReader, Sending};

use super::Watched;
use super::tail::Tail;
use crate::event::{Kind, Sent, What};
use crate::feed::Feed;

/// How often the logs are read.
const ROUND: Duration = Duration::from_millis(50);

/// A process writes a line a little after the time that the line tells.
const LATE: Duration = Duration::from_millis(10);

/// After so many milliseconds nobody will tell any more what became of a message: its stream has broken long
/// before that.
const FORGOTTEN: f64 = 60_000.0;

/// How many different panics of a stage are told of.
const PANICS: usize = 50;

/// Reads the logs again and again, and tells of the messages.
pub async fn watch(watched: Watched, feed: Feed) {
    let mut tails: Vec<_> = watched.logs.into_iter().map(|(id, path)| (id, Tail::new(path))).collect();
    let mut messages = Messages { stage: watched.stage, ..Messages::default() };
    let mut rounds = interval(ROUND);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        rounds.tick().await;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let may_cut = watched.uncut.clone().try_lock_owned().ok();
        let read = spawn_blocking(move || {
            // A log that cannot be read now can be read the next time.
            let lines: Vec<_> =
                tails.iter_mut().map(|(id, tail)| (*id, tail.lines().unwrap_or_default())).collect();
            if may_cut.is_some() {
                tails.iter_mut().for_each(|(_, tail)| tail.cut().unwrap_or_default());
            }
            (tails, lines)
        });
        let Ok((again, read)) = read.await else { return };
        tails = again;
        messages.take(read, &feed);
        messages.tell(now.saturating_sub(LATE), &feed);
    }
}

#[derive(Default)]
struct Messages {
    stage: u64,
    reader: LogReader,
    /// When each message on its way was sent.
    flying: BTreeMap<u64, f64>,
    /// Panics that were told of, each once: what panics does so again and again.
    panics: BTreeSet<(u64, String)>,
}

impl Messages {
    fn take(&mut self, read: Vec<(u64, Vec<String>)>, feed: &Feed) {
        for (replica, lines) in read {
            lines.iter().for_each(|line| self.reader.take(line));
            // A panic says where it was, and on the next line why.
            let panics = lines.windows(2).filter(|pair| pair[0].contains("' panicked at "));
            for pair in panics.filter(|pair| !pair[0].starts_with('{')) {
                let text = format!("a panic: {}", pair[1]);
                if self.panics.len() < PANICS && self.panics.insert((replica, text.clone())) {
                    feed.note(Some(replica), text);
                }
            }
        }
    }

    fn tell(&mut self, until: Duration, feed: &Feed) {
        for (at, change) in self.reader.changes(until) {
            let at = feed.at(at);
            match change {
                Change::Sent(sending) => {
                    let sent = self.sent(sending);
                    self.flying.insert(sent.message, at);
                    feed.tell_at(at, What::Sent(sent));
                }
                Change::Appeared(sending) => {
                    let sent = self.sent(sending);
                    let message = sent.message;
                    feed.tell_at(at, What::Sent(sent));
                    feed.tell_at(at, What::Arrived { message });
                }
                Change::Arrived(message) => {
                    let message = self.number(message);
                    self.flying.remove(&message);
                    feed.tell_at(at, What::Arrived { message });
                }
                Change::Lost(message) => {
                    let message = self.number(message);
                    self.flying.remove(&message);
                    feed.tell_at(at, What::Lost { message });
                }
            }
        }
        let now = feed.now();
        while let Some(oldest) = self.flying.first_entry().filter(|oldest| *oldest.get() < now - FORGOTTEN) {
            let message = oldest.remove_entry().0;
            feed.tell(What::Lost { message });
        }
    }

    fn sent(&self, Sending { message, from, to, stream, label }: Sending) -> Sent {
        Sent { message: self.number(message), from, to, stream, kind: Kind::of(&label), label }
    }

    /// No other message of any stage has this number, and a page can count so far.
    fn number(&self, message: u64) -> u64 {
        (self.stage << 32) | message
    }
}
