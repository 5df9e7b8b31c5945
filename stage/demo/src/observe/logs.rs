//! The messages between the replicas, from their logs.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cluster::Network;
use tokio::task::spawn_blocking;
use tokio::time::{MissedTickBehavior, interval};
use transcript::{Change, LogReader, Sending};

use super::Watched;
use super::tail::Tail;
use crate::event::{Kind, Sent, Standing, What};
use crate::feed::Feed;

/// How often the logs are read.
const ROUND: Duration = Duration::from_millis(50);

/// A process writes a line a little after the time that the line tells.
const LATE: Duration = Duration::from_millis(10);

/// After so many milliseconds on its way nobody will tell any more what became of a message: its stream has
/// broken long before that.
const FORGOTTEN: f64 = 60_000.0;

/// How long a message is waited for whose stream has ended, in milliseconds beyond the link's latency: the half
/// that sends ends before what it sent has arrived.
const GRACE: f64 = 500.0;

/// How many different panics of a stage are reported.
const PANICS: usize = 50;

/// Polls the logs, and reports the messages.
pub async fn watch(watched: Watched, feed: Feed) {
    let mut tails: Vec<_> = watched.logs.into_iter().map(|(id, path)| (id, Tail::new(path))).collect();
    let mut messages = Messages { stage: watched.stage, ..Messages::default() };
    let mut rounds = interval(ROUND);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        rounds.tick().await;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let may_cut = watched.uncut.clone().try_write_owned().ok();
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
        messages.tell(now.saturating_sub(LATE), &feed, &watched.network);
    }
}

#[derive(Default)]
struct Messages {
    stage: u64,
    reader: LogReader,
    flying: BTreeMap<u64, Flying>,
    /// Panics already reported, each once: a panic tends to repeat.
    panics: BTreeSet<(u64, String)>,
}

/// A message in flight.
struct Flying {
    from: u64,
    to: u64,
    /// Since when it could have been on its way: since it was sent, its stream ended, or nothing held it any more.
    since: f64,
    /// Whether its stream has ended.
    ended: bool,
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

    fn tell(&mut self, until: Duration, feed: &Feed, network: &Network) {
        for (at, change) in self.reader.changes(until) {
            self.change(feed.at(at), change, feed);
        }
        for message in self.lost(feed, network) {
            self.flying.remove(&message);
            feed.tell(What::Lost { message: self.number(message) });
        }
    }

    fn change(&mut self, at: f64, change: Change, feed: &Feed) {
        match change {
            Change::Sent(sending) => {
                let Sending { message, from, to, .. } = sending;
                self.flying.insert(message, Flying { from, to, since: at, ended: false });
                feed.tell_at(at, What::Sent(self.sent(sending)));
            }
            Change::Appeared(sending) => {
                let message = self.number(sending.message);
                feed.tell_at(at, What::Sent(self.sent(sending)));
                feed.tell_at(at, What::Arrived { message });
            }
            Change::Arrived(message) => {
                self.flying.remove(&message);
                feed.tell_at(at, What::Arrived { message: self.number(message) });
            }
            Change::Lost(message) => {
                if let Some(flying) = self.flying.get_mut(&message) {
                    (flying.since, flying.ended) = (at, true);
                }
            }
        }
    }

    /// Messages that will not arrive any more.
    fn lost(&mut self, feed: &Feed, network: &Network) -> Vec<u64> {
        let now = feed.now();
        let paused: Vec<u64> = feed.look(|state| {
            let paused = state.replicas.iter().filter(|replica| replica.state == Standing::Paused);
            paused.map(|replica| replica.replica).collect()
        });
        let mut lost = Vec::new();
        for (message, flying) in &mut self.flying {
            let Some(link) = network.link(flying.from, flying.to) else { continue };
            if !link.is_up() || paused.contains(&flying.to) {
                // What waits at a cut, or at one who stands still, may arrive after that, whatever the half thinks
                // that sent it.
                flying.since = now;
                continue;
            }
            let latency = link.latency().as_secs_f64() * 1000.0;
            if flying.since + latency + if flying.ended { GRACE } else { FORGOTTEN } < now {
                lost.push(*message);
            }
        }
        lost
    }

    fn sent(&self, Sending { message, from, to, stream, label }: Sending) -> Sent {
        Sent { message: self.number(message), from, to, stream, kind: Kind::of(&label), label }
    }

    /// No other message of any stage has this number, and a page can count so far.
    fn number(&self, message: u64) -> u64 {
        (self.stage << 32) | message
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    /// A message from 1 to 2.
    fn sent(feed: &Feed) -> Messages {
        let mut messages = Messages { stage: 1, ..Messages::default() };
        let (stream, label) = ("anti-entropy".to_owned(), "COMPLETE".to_owned());
        let sending = Sending { message: 0, from: 1, to: 2, stream, label };
        messages.change(feed.now(), Change::Sent(sending), feed);
        messages
    }

    /// The same, and its stream ends at once, as it does after the last message of a session.
    fn ended(feed: &Feed) -> Messages {
        let mut messages = sent(feed);
        messages.change(feed.now(), Change::Lost(0), feed);
        messages
    }

    async fn network() -> Network {
        Network::start(&[1, 2], |_, _| Duration::from_millis(40)).await.unwrap()
    }

    fn is_flying(feed: &Feed) -> bool {
        !feed.state().flying.is_empty()
    }

    #[tokio::test(start_paused = true)]
    async fn a_message_whose_stream_has_ended_is_lost_only_once_it_should_have_arrived() {
        let (feed, network) = (Feed::new(None), network().await);
        let mut messages = ended(&feed);
        messages.tell(Duration::ZERO, &feed, &network);
        assert!(is_flying(&feed));
        advance(Duration::from_millis(600)).await;
        messages.tell(Duration::ZERO, &feed, &network);
        assert!(!is_flying(&feed));
        let mut messages = ended(&feed);
        messages.change(feed.now(), Change::Arrived(0), &feed);
        advance(Duration::from_millis(600)).await;
        assert!(messages.lost(&feed, &network).is_empty(), "it has arrived");
    }

    #[tokio::test(start_paused = true)]
    async fn a_message_that_waits_at_a_cut_is_not_lost() {
        let (feed, network) = (Feed::new(None), network().await);
        let mut messages = ended(&feed);
        network.cut(1, 2);
        advance(Duration::from_secs(90)).await;
        messages.tell(Duration::ZERO, &feed, &network);
        network.heal(1, 2);
        messages.tell(Duration::ZERO, &feed, &network);
        assert!(is_flying(&feed), "it may come through the healed link yet");
        advance(Duration::from_millis(600)).await;
        messages.tell(Duration::ZERO, &feed, &network);
        assert!(!is_flying(&feed));
    }

    #[tokio::test(start_paused = true)]
    async fn a_long_cut_and_a_long_pause_lose_nothing_on_a_stream_that_goes_on() {
        let (feed, network) = (Feed::new(None), network().await);
        let mut messages = sent(&feed);
        let stands = |state| What::Replica { replica: 2, state, why: None };
        network.cut(1, 2);
        advance(Duration::from_secs(90)).await;
        messages.tell(Duration::ZERO, &feed, &network);
        network.heal(1, 2);
        feed.tell(stands(Standing::Paused));
        advance(Duration::from_secs(90)).await;
        messages.tell(Duration::ZERO, &feed, &network);
        feed.tell(stands(Standing::Running));
        messages.tell(Duration::ZERO, &feed, &network);
        assert!(is_flying(&feed));
        advance(Duration::from_secs(61)).await;
        messages.tell(Duration::ZERO, &feed, &network);
        assert!(!is_flying(&feed));
    }
}
