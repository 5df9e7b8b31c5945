//! What happens to messages, one change after another.

/// The number of a message: in the order in which its reader learned of it, from 0.
pub type MessageId = u64;

/// What the halves of streams report about a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is sent, and in flight from now on.
    Sent(Sending),
    /// It arrives, though its sending was not seen: that log is missing.
    Appeared(Sending),
    /// It arrives. Even one that was presumed lost may.
    Arrived(MessageId),
    /// Its connection is gone.
    Lost(MessageId),
}

/// A message that is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sending {
    /// Its number.
    pub message: MessageId,
    /// The replica that sends it.
    pub from: u64,
    /// The replica that it is sent to.
    pub to: u64,
    /// What its stream is for: "replication".
    pub stream: String,
    /// A short label of the message.
    pub label: String,
}
