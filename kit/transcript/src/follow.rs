//! From what the halves of streams tell to a transcript: which message was received, and which was lost.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::tell::What;
use crate::transcript::{Message, Transcript};

/// What a half tells, as it comes out of an event or a line of a log.
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
    pub(crate) transcript: Transcript,
    /// By sender, receiver and stream.
    ways: BTreeMap<(u64, u64, String), Way>,
    /// The sentences of those that wait, by replica, whether it receives, peer and half.
    waits: BTreeMap<(u64, bool, u64, u64), String>,
}

/// One direction between two replicas on the streams of one name, of which there may be several after each
/// other.
#[derive(Debug, Default)]
struct Way {
    /// The half that was the last to open, at each end.
    sender: u64,
    receiver: u64,
    /// Which sender each receiver has heard.
    hears: BTreeMap<u64, u64>,
    under_way: Vec<UnderWay>,
}

#[derive(Debug)]
struct UnderWay {
    message: Message,
    sender: u64,
    n: u64,
    label: String,
    lost: bool,
}

impl Follower {
    pub(crate) fn new(transcript: Transcript) -> Self {
        Self { transcript, ..Self::default() }
    }

    /// Those that wait, in plain words.
    pub(crate) fn waits(&self) -> Vec<String> {
        self.waits.values().cloned().collect()
    }

    pub(crate) fn hear(&mut self, at: Duration, told: Told) {
        let Some(what) = What::parse(&told.what) else { return };
        let Told { me, peer, stream, half, n, label, .. } = told;
        let transcript = &mut self.transcript;
        let waits = (me, !what.sends(), peer, half);
        let key = if what.sends() { (me, peer, stream) } else { (peer, me, stream) };
        let way = self.ways.entry(key).or_default();
        match what {
            What::OpensToSend => {
                // A replica that was killed told nobody that its stream has ended.
                way.lose(at, transcript, |_| true);
                way.sender = half;
            }
            What::Sent => {
                let message = transcript.sent(at, me, peer, label.as_str());
                way.under_way.push(UnderWay { message, sender: half, n, label, lost: false });
            }
            What::WaitsToSend => {
                self.waits.insert(waits, format!("replica {me} waits to send {label} to replica {peer}"));
            }
            What::WaitedToSend | What::WaitedToReceive => {
                self.waits.remove(&waits);
            }
            What::EndsSending => way.lose(at, transcript, |message| message.sender == half),
            What::OpensToReceive => {
                way.receiver = half;
                // A process that was killed and started again gives the numbers of halves again.
                way.hears.remove(&half);
            }
            What::Received => {
                let message = way.arrive(half, n, &label);
                let message = message.unwrap_or_else(|| transcript.message(peer, me, label));
                transcript.received(at, message);
            }
            What::WaitsToReceive => {
                self.waits.insert(waits, format!("replica {me} waits to receive from replica {peer}"));
            }
            What::EndsReceiving => {
                if let Some(sender) = way.heard(half) {
                    way.lose(at, transcript, |message| message.sender == sender);
                }
            }
        }
    }
}

impl Way {
    /// Loses what is on its way. A half that ends may be wrong about it (the other end still reads what is
    /// in the pipe), so a lost message may still arrive.
    fn lose(&mut self, at: Duration, transcript: &mut Transcript, which: impl Fn(&UnderWay) -> bool) {
        for message in self.under_way.iter_mut().filter(|message| !message.lost && which(message)) {
            message.lost = true;
            transcript.lost(at, message.message);
        }
    }

    /// The message that a receiver got: the earliest that fits. Of those that were thought lost it is the
    /// latest, because an earlier stream numbered its messages likewise.
    fn arrive(&mut self, receiver: u64, n: u64, label: &str) -> Option<Message> {
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
