//! What becomes of messages, one change after the other.

/// The number of a message: in the order in which its reader heard of it, from 0.
pub type MessageId = u64;

/// What the halves of streams tell of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is sent, and on its way from now on.
    Sent(Sending),
    /// It arrives, though its sending was not seen: the log that would tell of it is not there.
    Appeared(Sending),
    /// It arrives. One that was thought lost may still do so.
    Arrived(MessageId),
    /// What would have brought it is gone.
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
    /// The message in a few words.
    pub label: String,
}
