//! The remote's half of a session, without I/O: how it handles what it receives.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use merge::Knowledge;
use store::{Key, Object};

use crate::{Error, Head, Message};

/// The most keys in a slice. An initiator that checks more is refused: the remote keeps the keys of
/// a slice in memory.
pub const MAX_SLICE: usize = 10_000;

/// What the remote says.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// This message.
    Say(Message),
    /// A REPAIR with what the key holds when it is sent.
    Repair(Key),
}

/// What the remote does with a message.
#[derive(Debug, Clone, PartialEq)]
pub enum Heard {
    /// Compare: pass the key, and what this replica holds under it, to [`Remote::check`].
    Check(Key, Head),
    /// Store this.
    Repair(Key, Object),
    /// Begin phase 2: pass the heads of this replica to [`Remote::unseen`].
    Complete,
    /// Nothing: the initiator no longer holds what was asked for.
    Gone,
}

/// The remote of one session.
#[derive(Debug)]
pub struct Remote {
    /// The record after which the next CHECK or the next head of phase 2 comes.
    last: Option<Vec<u8>>,
    /// The slice begins after this key.
    after: Option<Key>,
    /// The records of the keys that the initiator has checked.
    seen: BTreeSet<Vec<u8>>,
    /// The records of the keys that were asked for and not yet answered.
    asked: BTreeSet<Vec<u8>>,
    /// The end of the slice, once the initiator's COMPLETE was received.
    slice: Option<End>,
}

/// The end of a slice.
#[derive(Debug)]
struct End {
    /// The record of its last key; None if it goes to the last key of all.
    through: Option<Vec<u8>>,
    /// What the initiator knew when the pass began.
    knowledge: Option<Knowledge>,
}

impl Remote {
    /// A session over the slice that begins after `after`.
    pub fn new(after: Option<Key>) -> Self {
        let last = after.as_ref().map(Key::encode);
        Self { last, after, seen: BTreeSet::new(), asked: BTreeSet::new(), slice: None }
    }

    /// Handles a message from the initiator, and returns what to do with it.
    ///
    /// # Errors
    /// If the initiator may not say this, or not now. The session is over then.
    pub fn receive(&mut self, message: Message) -> Result<Heard, Error> {
        match (message, &self.slice) {
            (Message::Check { key, head: Some(head) }, None) => {
                let record = key.encode();
                if self.last.as_ref().is_some_and(|last| record <= *last) {
                    return Err(Error::OutOfOrder(
                        "the keys of a slice are checked in their order, once each",
                    ));
                }
                if self.seen.len() == MAX_SLICE {
                    return Err(Error::SliceTooLong);
                }
                self.last = Some(record);
                Ok(Heard::Check(key, head))
            }
            (Message::Complete { through, knowledge }, None) => {
                if through.is_some() && knowledge.is_some() {
                    return Err(Error::OutOfOrder(
                        "what the initiator knew belongs to the last slice of a pass",
                    ));
                }
                let through = through.map(|key| key.encode());
                if through.is_some() && through < self.last {
                    return Err(Error::OutOfOrder("the slice ends before a key that was checked"));
                }
                self.slice = Some(End { through, knowledge });
                Ok(Heard::Complete)
            }
            // What was not asked for could be any key, and any amount.
            (Message::Repair { key, .. } | Message::Check { key, head: None }, Some(_))
                if !self.asked.remove(&key.encode()) =>
            {
                Err(Error::OutOfOrder("the initiator answers what was not asked"))
            }
            (Message::Repair { key, object }, Some(_)) => Ok(Heard::Repair(key, object)),
            (Message::Check { head: None, .. }, Some(_)) => Ok(Heard::Gone),
            (Message::Check { .. }, _) => {
                Err(Error::OutOfOrder("a CHECK belongs before COMPLETE, and tells a version"))
            }
            (Message::Repair { .. }, None) => {
                Err(Error::OutOfOrder("the initiator repairs after its COMPLETE"))
            }
            (Message::Complete { .. }, Some(_)) => {
                Err(Error::OutOfOrder("the initiator has completed already"))
            }
        }
    }

    /// Phase 1: what to say if the initiator holds `theirs` under the key, and this replica `ours`.
    pub fn check(&mut self, key: Key, theirs: &Head, ours: Option<Head>) -> Option<Reply> {
        let reply = self.compare(key, theirs, ours);
        if let Some(Reply::Say(Message::Check { key, .. })) = &reply {
            self.asked.insert(key.encode());
        }
        reply
    }

    fn compare(&mut self, key: Key, theirs: &Head, ours: Option<Head>) -> Option<Reply> {
        // exercise 6.2: Answer a CHECK
        //
        // Both replicas must end up with the later of the two versions (`merge::order`). If it is ours, the
        // initiator gets it as a `Repair`. If it is theirs, ask for it: a CHECK of the key with
        // what we hold, or with None if we hold nothing. Between equal versions there is nothing to
        // say. In each case the initiator has dealt with this key, so its record (`Key::encode`) belongs in
        // `seen`: phase 2 skips it.
        self.seen.insert(key.encode());
        let relation =
            ours.as_ref().map_or(Ordering::Less, |ours| merge::order(ours.version, theirs.version));
        match relation {
            Ordering::Greater => Some(Reply::Repair(key)),
            Ordering::Less => Some(Reply::Say(Message::Check { key, head: ours })),
            Ordering::Equal => None,
        }
        // end exercise 6.2
    }

    /// Phase 2: what to say about the next heads of this replica after the beginning of the slice,
    /// which are empty only at the end. After a COMPLETE, which is last, it is not called again.
    pub fn unseen(&mut self, heads: Vec<Key>) -> Vec<Reply> {
        let mut replies = Vec::new();
        let through = self.slice.as_ref().and_then(|slice| slice.through.as_ref());
        // exercise 6.3: Send what was not seen
        //
        // What this replica holds in the slice and the initiator has not checked, the initiator
        // does not have: `Repair` it. The slice ends with the record `through`; None means that it
        // goes to the last key of all. Keys beyond it belong to the next slice: the initiator has
        // not reached them, and may hold every one of them. Records are compared as encoded on disk
        // (`Key::encode`), where a short namespace comes before a long one. At the end of the slice
        // or of the heads, say COMPLETE (with None and None: the initiator says where the slice
        // ends), and nothing after it.
        for key in &heads {
            let record = key.encode();
            if through.is_some_and(|through| record > *through) {
                replies.push(Reply::Say(Message::Complete { through: None, knowledge: None }));
                return replies;
            }
            if !self.has_seen(key) {
                replies.push(Reply::Repair(key.clone()));
            }
        }
        if heads.is_empty() {
            replies.push(Reply::Say(Message::Complete { through: None, knowledge: None }));
        }
        // end exercise 6.3
        replies
    }

    /// Whether the initiator has checked the key.
    pub fn has_seen(&self, key: &Key) -> bool {
        self.seen.contains(&key.encode())
    }

    /// The slice begins after this key.
    pub fn after(&self) -> Option<&Key> {
        self.after.as_ref()
    }

    /// Whether the initiator has completed its slice, so that it may end its half of the session.
    pub fn is_complete(&self) -> bool {
        self.slice.is_some()
    }

    /// The record of the last key of the slice; None is the last key of all. Known when it is complete.
    pub fn through(&self) -> Option<&Vec<u8>> {
        self.slice.as_ref()?.through.as_ref()
    }

    /// What the initiator knew when its pass began, if this slice is the last of the pass.
    pub fn knowledge(&self) -> Option<&Knowledge> {
        self.slice.as_ref()?.knowledge.as_ref()
    }
}
