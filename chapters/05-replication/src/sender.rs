//! The sender's side of a stream, as a state machine: messages in, messages out.

use merge::Knowledge;
use proto::replication::v1::replicate_response::Message as Response;
use proto::replication::v1::{
    Begin, Change, Progress, ReplicateRequest, ReplicateResponse, replicate_request,
};
use store::ReplicaId;

use crate::Error;
use crate::log::{self, Page};

/// What a replica knows of a stream that it sends.
#[derive(Debug)]
pub struct Sender {
    me: ReplicaId,
    peer: ReplicaId,
    /// Where the log began when the stream did.
    cut: u64,
    /// Where the clock stood then.
    clock: u64,
    /// All up to this sequence number was sent on this stream, or is not needed.
    sent: u64,
    /// The peer has on disk all up to this sequence number. None before its first answer.
    acknowledged: Option<u64>,
    /// How many messages may be sent.
    credit: u32,
    /// What the peer was told last in a Progress.
    told: (u64, Knowledge),
}

impl Sender {
    /// For a stream of replica `me` to `peer`; its log begins after `cut`, its clock stands at `clock`.
    pub fn new(me: ReplicaId, peer: ReplicaId, cut: u64, clock: u64) -> Self {
        let told = (0, Knowledge::default());
        Self { me, peer, cut, clock, sent: 0, acknowledged: None, credit: 0, told }
    }

    /// The first message.
    pub fn begin(&self) -> ReplicateRequest {
        let Self { me, peer, cut, clock, .. } = *self;
        let begin = Begin { protocol: peers::PROTOCOL, from: me.0, to: peer.0, cut, clock };
        request(replicate_request::Message::Begin(begin))
    }

    /// Takes in an answer of the peer.
    ///
    /// # Errors
    /// If it is none that may come.
    pub fn receive(&mut self, response: ReplicateResponse) -> Result<(), Error> {
        let message =
            response.message.ok_or_else(|| Error::Unexpected("an answer that is not known here".into()))?;
        // exercise 5.3: Take in what the peer answers
        //
        // The first answer is a `Resume`, and no other is. It says what the peer has
        // (`acknowledged`), where to send on after (`sent`), and gives credit. A peer cannot have
        // more of this replica than its `clock` (else: `NumbersLost`). But it may lack what the log
        // no longer holds: then send on after `cut`.
        //
        // Each later answer is an `Ack`. It adds credit, and moves `acknowledged` on, never back.
        // Where it goes beyond `sent`, the peer got the writes on another way: they need not be
        // sent. All else is `Unexpected(format!("{message:?} out of turn"))`.
        todo!("exercise 5.3: Take in what the peer answers")
        // end exercise 5.3
    }

    /// What to read of the log: the changes after this sequence number, and so many at the most.
    /// None while nothing may be sent.
    pub fn wants(&self) -> Option<(u64, usize)> {
        (self.credit > 0).then_some((self.sent, self.credit as usize))
    }

    /// Takes in what was read of the log where [`Sender::wants`] said, and returns what to send.
    ///
    /// # Errors
    /// If the peer was too slow for the log.
    pub fn read(&mut self, page: Page) -> Result<Vec<ReplicateRequest>, Error> {
        // exercise 5.3, continued: send what was read
        //
        // The log may have been cut at its size meanwhile, beyond what was `sent`. Then the page
        // leaves something out, and the peer would not notice: end the stream with `CutAway`. The
        // next one tells it.
        //
        // Each change becomes a message (`change.message()`) and costs one credit; one that nobody
        // needs any more gives no message. All up to `page.through` is sent then, even if the page
        // is empty.
        todo!("exercise 5.3: Take in what the peer answers")
        // end exercise 5.3
    }

    /// Time has passed; `knowledge` is what this replica knows. Returns what to send.
    pub fn tick(&mut self, knowledge: Knowledge) -> Option<ReplicateRequest> {
        // exercise 5.3, continued: tell of progress
        //
        // The clock of this replica moves on without writes of its own, and what it knows grows by
        // the writes of others. Peers need both before they forget a tombstone. So send a
        // `Progress` with `sent` and `knowledge`, where that is not what the peer was `told` last:
        // two idle replicas are silent. It costs one credit, like a change.
        todo!("exercise 5.3: Take in what the peer answers")
        // end exercise 5.3
    }

    /// The peer has on disk all up to this sequence number. None if it has not answered yet.
    pub fn acknowledged(&self) -> Option<u64> {
        self.acknowledged
    }

    /// Whether the peer lacks changes that the log no longer holds.
    pub fn has_gap(&self) -> bool {
        self.acknowledged.is_some_and(|acknowledged| acknowledged < self.cut)
    }
}

impl log::Change {
    /// The message that sends it; None if nobody needs it any more.
    pub fn message(self) -> Option<ReplicateRequest> {
        let (namespace, key) = (self.key.namespace().to_vec(), self.key.key().to_vec());
        let change = Change { sequence: self.sequence, namespace, key, object: Some(self.object?) };
        Some(request(replicate_request::Message::Change(change)))
    }
}

fn request(message: replicate_request::Message) -> ReplicateRequest {
    ReplicateRequest { message: Some(message) }
}
