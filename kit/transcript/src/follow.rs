//! From the reports of the halves of streams to the fate of messages: which arrived, and which are
//! lost.

use std::collections::BTreeMap;

use crate::change::{Change, MessageId, Sending};
use crate::tell::What;

/// How many lost messages of a way are remembered, in case they arrive anyway.
const REMEMBERED: usize = 1_000;

/// The report of a half, as read from an event or a log line.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    pub(crate) me: u64,
    pub(crate) peer: u64,
    pub(crate) stream: String,
    pub(crate) half: u64,
    pub(crate) n: u64,
    pub(crate) label: String,
    pub(crate) what: String,
}

/// Follows the messages of any number of streams.
#[derive(Debug, Default)]
pub(crate) struct Follower {
    next: MessageId,
    /// By sender, receiver and stream.
    ways: BTreeMap<(u64, u64, String), Way>,
    /// The sentences of those that wait, by replica, whether it receives, peer and half.
    waits: BTreeMap<(u64, bool, u64, u64), String>,
}

/// One direction between two replicas on the streams of one name, of which there may be several after each
/// other.
#[derive(Debug, Default)]
struct Way {
    /// The half that opened last, at each end.
    sender: u64,
    receiver: u64,
    /// Which sender each receiver has heard.
    hears: BTreeMap<u64, u64>,
    under_way: Vec<UnderWay>,
}

#[derive(Debug)]
struct UnderWay {
    message: MessageId,
    sender: u64,
    n: u64,
    label: String,
    lost: bool,
}

impl Follower {
    /// Those that wait, in plain words.
    pub(crate) fn waits(&self) -> Vec<String> {
        self.waits.values().cloned().collect()
    }

    /// Processes the report of a half, and returns what it changes.
    pub(crate) fn hear(&mut self, told: Told) -> Vec<Change> {
        let Some(what) = What::parse(&told.what) else { return Vec::new() };
        let Told { me, peer, stream, half, n, label, .. } = told;
        let waits = (me, !what.sends(), peer, half);
        let (from, to) = if what.sends() { (me, peer) } else { (peer, me) };
        let way = self.ways.entry((from, to, stream.clone())).or_default();
        match what {
            What::OpensToSend => {
                way.sender = half;
                // A replica that was killed told nobody that its stream has ended.
                return way.lose(|_| true);
            }
            What::Sent => {
                let message = number(&mut self.next);
                way.under_way.push(UnderWay { message, sender: half, n, label: label.clone(), lost: false });
                return vec![Change::Sent(Sending { message, from, to, stream, label })];
            }
            What::WaitsToSend => {
                self.waits.insert(waits, format!("replica {me} waits to send {label} to replica {peer}"));
            }
            What::WaitedToSend | What::WaitedToReceive => {
                self.waits.remove(&waits);
            }
            What::EndsSending => return way.lose(|message| message.sender == half),
            What::OpensToReceive => {
                way.receiver = half;
                // A process that was killed and restarted reuses the numbers of halves.
                way.hears.remove(&half);
            }
            What::Received => {
                if let Some(message) = way.arrive(half, n, &label) {
                    return vec![Change::Arrived(message)];
                }
                let message = number(&mut self.next);
                return vec![Change::Appeared(Sending { message, from, to, stream, label })];
            }
            What::WaitsToReceive => {
                self.waits.insert(waits, format!("replica {me} waits to receive from replica {peer}"));
            }
            What::EndsReceiving => {
                if let Some(sender) = way.heard(half) {
                    return way.lose(|message| message.sender == sender);
                }
            }
        }
        Vec::new()
    }
}

fn number(next: &mut MessageId) -> MessageId {
    let number = *next;
    *next += 1;
    number
}

impl Way {
    /// Loses what is on its way. A half that ends may be wrong about it (the other end still reads what is
    /// in the pipe), so a lost message may still arrive.
    fn lose(&mut self, which: impl Fn(&UnderWay) -> bool) -> Vec<Change> {
        let mut changes = Vec::new();
        for message in self.under_way.iter_mut().filter(|message| !message.lost && which(message)) {
            message.lost = true;
            changes.push(Change::Lost(message.message));
        }
        let lost = self.under_way.iter().filter(|message| message.lost).count();
        let mut forgotten = lost.saturating_sub(REMEMBERED);
        self.under_way.retain(|message| {
            let forget = message.lost && forgotten > 0;
            forgotten -= usize::from(forget);
            !forget
        });
        changes
    }

    /// The message that a receiver got: the earliest that fits. Of those that were thought lost it is the
    /// latest, because an earlier stream numbered its messages likewise.
    fn arrive(&mut self, receiver: u64, n: u64, label: &str) -> Option<MessageId> {
        let fits = |message: &UnderWay| message.n == n && message.label == label;
        let place = self.under_way.iter().position(|message| !message.lost && fits(message));
        let place = place.or_else(|| self.under_way.iter().rposition(fits))?;
        let arrived = self.under_way.remove(place);
        self.hears.insert(receiver, arrived.sender);
        Some(arrived.message)
    }

    /// Which sender a receiver reads. One that has heard nothing reads the latest, unless it is from
    /// before.
    fn heard(&mut self, receiver: u64) -> Option<u64> {
        self.hears.remove(&receiver).or((self.receiver == receiver).then_some(self.sender))
    }
}
