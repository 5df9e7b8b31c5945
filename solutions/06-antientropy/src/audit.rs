//! What must hold for every session, whatever the replicas hold: the lab.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use store::{Key, Version};

use crate::{Message, Side};

/// Follows a session as one of its replicas sees it, message by message, and tracks what is owed.
///
/// The remote keeps one during each session. If something is still owed when the initiator ends its
/// half, the session has failed, and nobody takes it for finished.
#[derive(Debug, Default)]
pub struct Audit {
    /// What was asked for and has not been answered: the key, and the version that the asking side
    /// holds.
    owed: BTreeMap<Key, Option<Version>>,
}

impl Audit {
    /// `side` has said `message`.
    pub fn see(&mut self, side: Side, message: &Message) {
        // exercise 6.4: Reason about the phases
        //
        // In one of the phases a session can lose a repair and end as if all were well. The guide
        // shows such a session. Which promise is broken in it? Write it down here, as what is
        // `owed`: which message of which side makes something owed, and which message of which side
        // settles it? A REPAIR settles only if it is later than what the asking side holds. What is
        // owed when the initiator ends its half is lost.
        match (side, message) {
            (Side::Remote, Message::Check { key, head }) => {
                self.owed.insert(key.clone(), head.as_ref().map(|head| head.version));
            }
            (Side::Initiator, Message::Repair { key, object }) => {
                let later = |held: &Option<Version>| {
                    held.is_none_or(|held| merge::order(object.version, held) == Ordering::Greater)
                };
                if self.owed.get(key).is_some_and(later) {
                    self.owed.remove(key);
                }
            }
            (Side::Initiator, Message::Check { key, head: None }) => {
                self.owed.remove(key);
            }
            _ => {}
        }
        // end exercise 6.4
    }

    /// The keys that are owed, in order.
    pub fn owed(&self) -> impl Iterator<Item = &Key> {
        self.owed.keys()
    }
}
