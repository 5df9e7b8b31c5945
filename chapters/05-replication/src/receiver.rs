//! The receiver's side of a stream, as a state machine: messages in, actions out.
//!
//! A stream of X says what X knows at first hand, and nothing else in it is believed:
//! - its writes, in the order of their numbers: each change has a later number than all before it,
//!   and carries that write or what replaced it, so nothing earlier;
//! - its progress: never back, and never beyond what X, in the same message, knows of its own
//!   writes;
//! - what X knows of the writes of others. That is a report on X, for collecting tombstones. It
//!   adds nothing to this replica's knowledge: it learns about the writes of Y from Y, or from a
//!   pass that compares every key.

use merge::{Applied, Knowledge, Merge};
use proto::replication::v1 as message;
use proto::replication::v1::replicate_request::Message as Request;
use proto::replication::v1::{Ack, Begin, ReplicateRequest, ReplicateResponse, Resume, replicate_response};
use store::{BadObject, Key, Object, ReplicaId, Version, Write};

use crate::Error;

/// How many messages a sender may have in flight: the receiver has room for as many. Over a round
/// trip of 220 ms that allows about a thousand changes a second.
pub const CREDIT: u32 = 256;

/// The state of a stream that a replica receives.
#[derive(Debug)]
pub struct Receiver {
    from: ReplicaId,
    /// Where the sender's log begins.
    cut: u64,
    /// The sequence number of the last message; before the first, that after which the sender begins.
    reached: u64,
}

/// What arrived, to be applied in one transaction.
#[derive(Debug)]
pub struct Batch {
    /// The replica that sends.
    pub from: ReplicaId,
    /// Up to where its log was cut when the stream began.
    pub cut: u64,
    /// The changes, in the order of arrival.
    pub changes: Vec<Change>,
    /// All writes of the sender up to this sequence number have arrived: in this batch, in an
    /// earlier one, or, up to where the sender's log begins, never.
    pub reached: u64,
    /// What the sender says it knows.
    pub report: Option<Knowledge>,
    /// How many messages arrived.
    pub messages: u32,
}

/// A change that arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its sequence number.
    pub sequence: u64,
    /// Its key.
    pub key: Key,
    /// What the sender holds under the key.
    pub object: Object,
}

/// The outcome of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// For each change, in order; fewer where one was refused.
    pub outcomes: Vec<Applied>,
    /// All writes of the sender up to this counter are on disk here.
    pub known: u64,
}

impl Receiver {
    /// Answers the first message. `known` is the counter up to which the sender's writes are known
    /// here.
    ///
    /// # Errors
    /// If the sender's directory was restored from a backup.
    pub fn begin(begin: &Begin, known: u64) -> Result<(Self, ReplicateResponse), Error> {
        let from = ReplicaId(begin.from);
        // exercise 5.2: Say where to resume
        //
        // `begin.clock` is the last number that the sender used for a write. If that is less than
        // `known`, it has forgotten numbers that it used: refuse with `NumbersAgain`. Otherwise ask
        // for what comes after `known`, with [`CREDIT`] messages of credit (`resume` makes the
        // answer). Only `known` counts here: what an earlier stream delivered and this replica did
        // not write to disk has to come again.
        todo!("exercise 5.2: Say where to resume")
        // end exercise 5.2
    }

    /// Receives messages.
    ///
    /// # Errors
    /// If one is not allowed.
    pub fn receive(&mut self, requests: Vec<ReplicateRequest>) -> Result<Batch, Error> {
        let messages = requests.len() as u32;
        let (mut changes, mut report) = (Vec::new(), None);
        for request in requests {
            let sequence = match request.message {
                Some(Request::Change(change)) => {
                    let change = Change::try_from(change)?;
                    let sequence = change.sequence;
                    if sequence <= self.reached {
                        return Err(unexpected("a change that is not later than those before it"));
                    }
                    if change.object.version < (Version { counter: sequence, replica: self.from }) {
                        return Err(unexpected("a change with an object that is earlier than the change"));
                    }
                    changes.push(change);
                    sequence
                }
                Some(Request::Progress(progress)) => {
                    let knowledge = Knowledge::try_from(&*progress.knowledge)?;
                    if progress.sequence < self.reached {
                        return Err(unexpected("progress that goes back"));
                    }
                    if progress.sequence > knowledge.get(self.from) {
                        return Err(unexpected("progress beyond what it knows of its own writes"));
                    }
                    report = Some(knowledge);
                    progress.sequence
                }
                Some(Request::Begin(_)) => return Err(Error::Unexpected("a second Begin".into())),
                None => return Err(Error::Unexpected("a message that is not known here".into())),
            };
            self.reached = sequence;
        }
        let Self { from, cut, reached } = *self;
        Ok(Batch { from, cut, changes, reached, report, messages })
    }
}

impl Batch {
    /// Applies the batch in the transaction `write`.
    ///
    /// # Errors
    /// If the store fails.
    pub fn apply(&self, merge: &Merge, write: &mut Write<'_, '_>) -> Result<Done, store::Error> {
        let Self { from, cut, changes, reached, .. } = self;
        // exercise 5.2, continued: in one transaction
        //
        // For each change, in order: skip it if its sequence number was already known when this
        // began (its outcome is `Equal`). It carries what the key held when it was sent, and that
        // may be a write of a third replica, which was deleted and forgotten here since. For all
        // others `merge.apply` returns the outcome.
        //
        // Then raise what this replica knows of `from` to `reached` (`merge.learn`): the next stream
        // resumes there, so it belongs in this transaction, after the changes. `known` is its value
        // at the end (`merge.knowledge_in`).
        //
        // Two things forbid raising it. If a change is `TooFarAhead` it was not stored: stop there.
        // And if less is known than the sender's log was `cut` at, there is a gap: what comes after
        // it is welcome, but "all up to here" would be a lie.
        todo!("exercise 5.2: Say where to resume")
        // end exercise 5.2
    }

    /// Answers, when the batch is on disk.
    ///
    /// # Errors
    /// If a change was refused.
    pub fn answer(&self, done: &Done) -> Result<ReplicateResponse, Error> {
        let refused = done.outcomes.iter().position(|outcome| *outcome == Applied::TooFarAhead);
        match refused.and_then(|index| self.changes.get(index)) {
            Some(change) => Err(Error::TooFarAhead(change.object.version)),
            None => Ok(ack(done.known, self.messages)),
        }
    }

    /// Whether changes are missing that the sender's log no longer holds.
    pub fn has_gap(&self, done: &Done) -> bool {
        done.known < self.cut
    }
}

/// "Send the changes after this sequence number, and this many messages."
pub fn resume(after: u64, credit: u32) -> ReplicateResponse {
    ReplicateResponse { message: Some(replicate_response::Message::Resume(Resume { after, credit })) }
}

/// "All up to this sequence number is on disk; send this many more messages."
pub fn ack(sequence: u64, credit: u32) -> ReplicateResponse {
    ReplicateResponse { message: Some(replicate_response::Message::Ack(Ack { sequence, credit })) }
}

impl TryFrom<message::Change> for Change {
    type Error = Error;

    fn try_from(change: message::Change) -> Result<Self, Error> {
        let key = Key::new(change.namespace, change.key).map_err(unexpected)?;
        let object = change.object.ok_or(BadObject("a change has no object")).and_then(Object::try_from)?;
        Ok(Self { sequence: change.sequence, key, object })
    }
}

fn unexpected(what: impl ToString) -> Error {
    Error::Unexpected(what.to_string())
}
