//! The initiator's half of a session, without I/O: what it sends next, and how it handles what it
//! receives.

use std::collections::VecDeque;

use merge::Knowledge;
use store::{Key, Object};

use crate::{Error, Head, Message};

/// The most heads that are read at once. Other callers of the store get a turn between chunks.
pub const CHUNK: usize = 128;

/// What the half that sends does next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Read the heads after this key, at most this many, and pass them to [`Initiator::check`].
    Read {
        /// The last key that was checked.
        after: Option<Key>,
        /// The most heads.
        limit: usize,
    },
    /// Read what the key holds now, and send the [`Initiator::answer`].
    Answer(Key),
    /// Nothing can be sent before something is received.
    Wait,
    /// Everything was sent: end the sending half.
    Close,
}

/// The initiator of one session.
///
/// Phase 1 goes through a slice of the keys with [`Initiator::check`]; phase 2 answers what the remote asks.
#[derive(Debug)]
pub struct Initiator {
    /// The record that the slice begins after; empty before the first.
    begins: Vec<u8>,
    /// The last key that was checked, or that the slice begins after.
    last: Option<Key>,
    /// How many more keys the slice may hold.
    left: usize,
    /// What goes with the last slice of a pass.
    knowledge: Option<Knowledge>,
    /// Whether our COMPLETE was created.
    complete: bool,
    /// Where the slice ended; None is the last key of all.
    through: Option<Key>,
    /// How many keys were checked and not asked for: the remote may ask for each once.
    unasked: usize,
    /// What the remote asked for and has not been answered.
    asked: VecDeque<Key>,
    /// Whether the remote's COMPLETE was received.
    remote_complete: bool,
}

impl Initiator {
    /// A session over the slice that begins after `after` and holds at most `limit` keys, 0 being taken for 1.
    /// `knowledge` is sent if the slice turns out to be the last of its pass.
    pub fn new(after: Option<Key>, limit: usize, knowledge: Option<Knowledge>) -> Self {
        Self {
            begins: after.as_ref().map(Key::encode).unwrap_or_default(),
            last: after,
            // A read of no heads at all would be taken for the end of the keys.
            left: limit.max(1),
            knowledge,
            complete: false,
            through: None,
            unasked: 0,
            asked: VecDeque::new(),
            remote_complete: false,
        }
    }

    /// What the half that sends does next.
    pub fn next_step(&mut self) -> Next {
        if !self.complete {
            return Next::Read { after: self.last.clone(), limit: self.left.min(CHUNK) };
        }
        // exercise 6.4, continued: mend the initiator
        //
        // Our COMPLETE is out, so this is phase 2. What the remote asked for waits in `asked`, in
        // the order in which it asked; `remote_complete` says that it will ask for nothing more.
        // With this code the transcripts that you audited can happen. Find out when, and fix it:
        // the sending half is closed when nothing is left to send on it, and never before.
        if self.remote_complete {
            return Next::Close;
        }
        self.asked.pop_front().map_or(Next::Wait, Next::Answer)
        // end exercise 6.4
    }

    /// Phase 1: what to say about the next heads of this replica, which are empty only at the end.
    /// `late` is true when the slice's time is up.
    pub fn check(&mut self, heads: Vec<(Key, Head)>, late: bool) -> Vec<Message> {
        let mut messages = Vec::new();
        // exercise 6.1: Check a slice
        //
        // Say a CHECK for each head, and keep `last`, `left` and `unasked` (one more for each
        // CHECK) up to date: `next_step` continues reading after `last`. The slice ends, with a
        // COMPLETE, when there are no more heads (a short read is not the end, only an empty one
        // is), when it holds the maximum number of keys (`left` is 0), or when it is `late`; then
        // set `complete`. `late` comes with heads that have just been read: check them anyway, so
        // that every session makes progress. A slice that ends with the last key of all goes
        // `through` None, and carries the `knowledge`. Any other goes through the last key that was
        // checked, and says nothing about what it knows: the remote has only seen a part.
        todo!("exercise 6.1: Check a slice");
        // end exercise 6.1
        messages
    }

    /// Handles a message from the remote; what it returns is to be stored.
    ///
    /// # Errors
    /// If the remote may not say this, or not now. The session is over then.
    pub fn receive(&mut self, message: Message) -> Result<Option<(Key, Object)>, Error> {
        if self.remote_complete {
            return Err(Error::OutOfOrder("the remote speaks after its COMPLETE"));
        }
        match message {
            Message::Check { key, .. } => {
                // This keeps `asked` within the slice, whatever the remote does.
                let left = self.unasked.checked_sub(1);
                self.unasked = left.ok_or(Error::OutOfOrder("the remote asks for more than was checked"))?;
                self.asked.push_back(key);
                Ok(None)
            }
            Message::Repair { key, .. } if !self.is_in_slice(&key) => {
                Err(Error::OutOfOrder("the remote repairs a key outside of the slice"))
            }
            // In the slice it repairs what was checked and what only it holds, once each; a
            // duplicate changes nothing.
            Message::Repair { key, object } => Ok(Some((key, object))),
            Message::Complete { .. } if !self.complete => {
                Err(Error::OutOfOrder("the remote has completed a slice that has no end yet"))
            }
            Message::Complete { .. } => {
                self.remote_complete = true;
                Ok(None)
            }
        }
    }

    /// Whether the key is in the slice, as far as that was checked.
    fn is_in_slice(&self, key: &Key) -> bool {
        let record = key.encode();
        let end = if self.complete { &self.through } else { &self.last };
        let to_the_last = self.complete && end.is_none();
        record > self.begins && (to_the_last || end.as_ref().is_some_and(|end| record <= end.encode()))
    }

    /// The answer to what the remote asked: what this replica now holds under the key.
    pub fn answer(key: Key, object: Option<Object>) -> Message {
        match object {
            Some(object) => Message::Repair { key, object },
            // A tombstone may be collected between the CHECK and the answer. The remote asked, so
            // it is told.
            None => Message::Check { key, head: None },
        }
    }

    /// Whether both sides have completed, so that the remote may end the session.
    pub fn is_complete(&self) -> bool {
        self.complete && self.remote_complete
    }

    /// Where the slice ended; None is the last key of all. Known when it is complete.
    pub fn through(&self) -> Option<&Key> {
        self.through.as_ref()
    }
}
