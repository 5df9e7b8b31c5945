//! The two halves of a stream between replicas.

use prost::Message;
use tonic::{Status, Streaming};

use crate::outbox::{Outbox, Sender, outbox};
use crate::room::Room;
use crate::tell::{Half, What};

/// Between whom a stream runs, seen from the replica that holds the half.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ends {
    /// The replica that holds this half.
    pub me: u64,
    /// The replica at the other end.
    pub peer: u64,
    /// What the stream is for: "replication". Both ends give it the same name.
    pub stream: &'static str,
}

/// Nobody reads the stream any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the {stream} stream to replica {peer} has ended: open another one")]
pub struct Closed {
    /// The replica at the other end.
    pub peer: u64,
    /// What the stream was for.
    pub stream: &'static str,
}

/// The sending half.
#[derive(Debug)]
pub struct Outgoing<M> {
    half: Half,
    sender: Sender<M>,
    describe: fn(&M) -> String,
    sent: u64,
}

impl<M: Message> Outgoing<M> {
    /// A half that sends, and what tonic reads of it: so many `messages` wait in between, and a bounded number of bytes.
    /// `describe` gives a message's label: a few words, as both ends would say them.
    pub fn new(ends: Ends, messages: usize, describe: fn(&M) -> String) -> (Self, Outbox<M>) {
        let half = Half::new(ends);
        half.tell(What::OpensToSend, 0, String::new);
        let (sender, outbox) = outbox(messages);
        (Self { half, sender, describe, sent: 0 }, outbox)
    }

    /// Sends a message; waits while there is no room for it.
    ///
    /// # Errors
    /// If the stream has ended: the message is lost.
    pub async fn send(&mut self, message: M) -> Result<(), Closed> {
        let Self { half, sender, describe, sent } = self;
        let closed = Closed { peer: half.ends.peer, stream: half.ends.stream };
        let (n, bytes) = (*sent + 1, message.encoded_len());
        let place = match sender.try_place(bytes) {
            Some(place) => place,
            None if sender.is_closed() => return Err(closed),
            None => {
                half.tell(What::WaitsToSend, n, || describe(&message));
                let _waits = Waits { half, n, ended: What::WaitedToSend };
                sender.place(bytes).await.ok_or(closed)?
            }
        };
        // Told before it is taken, so that no reader tells of it first.
        half.tell(What::Sent, n, || describe(&message));
        place.put(message);
        *sent = n;
        Ok(())
    }
}

impl<M> Drop for Outgoing<M> {
    fn drop(&mut self) {
        self.half.tell(What::EndsSending, self.sent, String::new);
    }
}

/// The receiving half.
#[derive(Debug)]
pub struct Incoming<M> {
    half: Half,
    stream: Streaming<M>,
    describe: fn(&M) -> String,
    received: u64,
    room: Option<Room>,
    /// Has arrived, and waits for room.
    waiting: Option<M>,
}

impl<M: Message> Incoming<M> {
    /// Receives from `stream`. `describe` gives a message the same label as the sender's.
    pub fn new(ends: Ends, stream: Streaming<M>, describe: fn(&M) -> String) -> Self {
        let half = Half::new(ends);
        half.tell(What::OpensToReceive, 0, String::new);
        Self { half, stream, describe, received: 0, room: None, waiting: None }
    }

    /// The same for a stream whose first message, `first`, was read before: it says who is at the other end.
    pub fn after_first(ends: Ends, stream: Streaming<M>, describe: fn(&M) -> String, first: &M) -> Self {
        let mut incoming = Self::new(ends, stream, describe);
        incoming.received = 1;
        incoming.half.tell(What::Received, 1, || describe(first));
        incoming
    }

    /// The same, but no message is received before there is `room` for it; the caller frees it
    /// after processing.
    #[must_use]
    pub fn within(mut self, room: Room) -> Self {
        self.room = Some(room);
        self
    }

    /// The next message; `None` where the other end has ended the stream cleanly. No message is
    /// lost if the future is dropped before it is done.
    ///
    /// # Errors
    /// The status that the stream broke off with.
    pub async fn next(&mut self) -> Result<Option<M>, Status> {
        let Self { half, stream, describe, received, room, waiting } = self;
        let n = *received + 1;
        if waiting.is_none() {
            half.tell(What::WaitsToReceive, n, String::new);
            let _waits = Waits { half, n, ended: What::WaitedToReceive };
            *waiting = stream.message().await?;
        }
        if let (Some(message), Some(room)) = (&waiting, room) {
            room.take(message).await;
        }
        if let Some(message) = &waiting {
            half.tell(What::Received, n, || describe(message));
            *received = n;
        }
        Ok(waiting.take())
    }
}

impl<M> Drop for Incoming<M> {
    fn drop(&mut self) {
        self.half.tell(What::EndsReceiving, self.received, String::new);
    }
}

/// Tells that a wait is over, on every path: also where the future that waited was dropped.
struct Waits<'a> {
    half: &'a Half,
    n: u64,
    ended: What,
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.half.tell(self.ended, self.n, String::new);
    }
}
