//! The sender's side of a stream, as a state machine: messages in, messages out.

use merge::Knowledge;
use proto::replication::v1::replicate_response::Message as Response;
use proto::replication::v1::{
    Begin, Change, Progress, ReplicateRequest, ReplicateResponse, replicate_request,
};
use store::ReplicaId;

use crate::Error;
use crate::log::{self, Page};

/// The state of a stream that a replica sends.
#[derive(Debug)]
pub struct Sender {
    me: ReplicaId,
    peer: ReplicaId,
    /// The beginning of the log when the stream began.
    cut: u64,
    /// The clock at that time.
    clock: u64,
    /// All up to this sequence number was sent on this stream, or is not needed.
    sent: u64,
    /// The peer has on disk all up to this sequence number. None before its first answer.
    acknowledged: Option<u64>,
    /// How many messages may be sent.
    credit: u32,
    /// What the last Progress told the peer.
    told: (u64, Knowledge),
}

impl Sender {
    /// For a stream of replica `me` to `peer`; its log begins after `cut`, its clock is at `clock`.
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

    /// Receives an answer from the peer.
    ///
    /// # Errors
    /// If it is not allowed.
    pub fn receive(&mut self, response: ReplicateResponse) -> Result<(), Error> {
        let message =
            response.message.ok_or_else(|| Error::Unexpected("an answer that is not known here".into()))?;
        // exercise 5.3: Take in what the peer answers
        //
        // The first answer is a `Resume`, and no other is. It says what the peer has
        // (`acknowledged`), where to continue (`sent`), and grants credit. A peer cannot have more
        // of this replica's writes than its `clock` (otherwise: `NumbersLost`). But it may lack
        // what the log no longer holds: then continue after `cut`.
        //
        // Each later answer is an `Ack`. It adds credit, and moves `acknowledged` forward, never
        // back. If it goes beyond `sent`, the peer got the writes another way: they need not be
        // sent. Anything else is `Unexpected(format!("{message:?} out of turn"))`.
        todo!("exercise 5.3: Take in what the peer answers")
        // end exercise 5.3
    }

    /// What to read from the log: the changes after this sequence number, and at most how many.
    /// None while nothing may be sent.
    pub fn wants(&self) -> Option<(u64, usize)> {
        (self.credit > 0).then_some((self.sent, self.credit as usize))
    }

    /// Takes what was read from the log as [`Sender::wants`] said, and returns what to send.
    ///
    /// # Errors
    /// If the peer was too slow for the log.
    pub fn read(&mut self, page: Page) -> Result<Vec<ReplicateRequest>, Error> {
        // exercise 5.3, continued: send what was read
        //
        // The log may have been cut at its size limit meanwhile, beyond what was `sent`. Then the
        // page leaves something out, and the peer would not notice: end the stream with `CutAway`.
        // The next stream says so.
        //
        // Each change becomes a message (`change.message()`) and costs one credit; one that nobody
        // needs any more gives no message. Then everything up to `page.through` is sent, even if
        // the page is empty.
        todo!("exercise 5.3: Take in what the peer answers")
        // end exercise 5.3
    }

    /// Time has passed; `knowledge` is what this replica knows. Returns what to send.
    pub fn tick(&mut self, knowledge: Knowledge) -> Option<ReplicateRequest> {
        // exercise 5.3, continued: tell of progress
        //
        // The clock of this replica advances without writes of its own, and its knowledge grows
        // with the writes of others. Peers need both before they forget a tombstone. So send a
        // `Progress` with `sent` and `knowledge`, unless that is what the peer was `told` last: two
        // idle replicas are silent. It costs one credit, like a change.
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
