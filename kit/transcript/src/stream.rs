//! The two halves of a stream between replicas.

use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use tonic::{Status, Streaming};

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

/// The half that sends.
#[derive(Debug)]
pub struct Outgoing<M> {
    half: Half,
    sender: mpsc::Sender<M>,
    describe: fn(&M) -> String,
    sent: u64,
}

impl<M> Outgoing<M> {
    /// Sends into `sender`, whose other end tonic reads. `describe` gives a message's label: a few words,
    /// as both ends would say them.
    pub fn new(ends: Ends, sender: mpsc::Sender<M>, describe: fn(&M) -> String) -> Self {
        let half = Half::new(ends);
        half.tell(What::OpensToSend, 0, String::new);
        Self { half, sender, describe, sent: 0 }
    }

    /// Sends a message; waits while the channel is full.
    ///
    /// # Errors
    /// Where the stream has ended: the message is lost.
    pub async fn send(&mut self, message: M) -> Result<(), Closed> {
        let Self { half, sender, describe, sent } = self;
        let closed = Closed { peer: half.ends.peer, stream: half.ends.stream };
        let n = *sent + 1;
        let permit = match sender.try_reserve() {
            Ok(permit) => permit,
            Err(TrySendError::Closed(())) => return Err(closed),
            Err(TrySendError::Full(())) => {
                half.tell(What::WaitsToSend, n, || describe(&message));
                let _waits = Waits { half, n, ended: What::WaitedToSend };
                sender.reserve().await.map_err(|_| closed)?
            }
        };
        // Told before it is taken, so that no reader tells of it first.
        half.tell(What::Sent, n, || describe(&message));
        permit.send(message);
        *sent = n;
        Ok(())
    }
}

impl<M> Drop for Outgoing<M> {
    fn drop(&mut self) {
        self.half.tell(What::EndsSending, self.sent, String::new);
    }
}

/// The half that receives.
#[derive(Debug)]
pub struct Incoming<M> {
    half: Half,
    stream: Streaming<M>,
    describe: fn(&M) -> String,
    received: u64,
}

impl<M> Incoming<M> {
    /// Receives from `stream`. `describe` gives a message the same label as the sender's.
    pub fn new(ends: Ends, stream: Streaming<M>, describe: fn(&M) -> String) -> Self {
        let half = Half::new(ends);
        half.tell(What::OpensToReceive, 0, String::new);
        Self { half, stream, describe, received: 0 }
    }

    /// The same for a stream whose first message, `first`, was read before: it says who is at the other end.
    pub fn after_first(ends: Ends, stream: Streaming<M>, describe: fn(&M) -> String, first: &M) -> Self {
        let mut incoming = Self::new(ends, stream, describe);
        incoming.received = 1;
        incoming.half.tell(What::Received, 1, || describe(first));
        incoming
    }

    /// The next message; `None` where the other end has ended the stream in good order. No message is lost
    /// where the future is dropped before it is done.
    ///
    /// # Errors
    /// The status that the stream broke off with.
    pub async fn next(&mut self) -> Result<Option<M>, Status> {
        let Self { half, stream, describe, received } = self;
        let n = *received + 1;
        half.tell(What::WaitsToReceive, n, String::new);
        let waits = Waits { half, n, ended: What::WaitedToReceive };
        let message = stream.message().await?;
        drop(waits);
        if let Some(message) = &message {
            half.tell(What::Received, n, || describe(message));
            *received = n;
        }
        Ok(message)
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
