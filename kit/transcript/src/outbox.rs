//! Messages waiting for the connection: few, and few bytes.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio_stream::Stream;

/// How many bytes of messages wait for a reader that is slow. One message always has room.
const BYTES: usize = 64 << 10;

/// A message, and the room that it takes.
type Waiting<M> = (M, OwnedSemaphorePermit);

/// What waits to be sent.
#[derive(Debug)]
pub struct Outbox<M>(mpsc::Receiver<Waiting<M>>);

/// The queue into which a half sends.
#[derive(Debug)]
pub(crate) struct Sender<M> {
    messages: mpsc::Sender<Waiting<M>>,
    room: Arc<Semaphore>,
}

/// A place for one message.
pub(crate) struct Place<'a, M> {
    message: mpsc::Permit<'a, Waiting<M>>,
    room: OwnedSemaphorePermit,
}

pub(crate) fn outbox<M>(messages: usize) -> (Sender<M>, Outbox<M>) {
    let (sender, receiver) = mpsc::channel(messages);
    (Sender { messages: sender, room: Arc::new(Semaphore::new(BYTES)) }, Outbox(receiver))
}

impl<M> Sender<M> {
    /// A place for a message of this many bytes, if there is one now.
    pub fn try_place(&self, bytes: usize) -> Option<Place<'_, M>> {
        let room = self.room.clone().try_acquire_many_owned(room_for(bytes)).ok()?;
        Some(Place { message: self.messages.try_reserve().ok()?, room })
    }

    /// The same, once there is one; none if nobody reads any more.
    pub async fn place(&self, bytes: usize) -> Option<Place<'_, M>> {
        let room = tokio::select! {
            room = self.room.clone().acquire_many_owned(room_for(bytes)) => room.ok()?,
            () = self.messages.closed() => return None,
        };
        Some(Place { message: self.messages.reserve().await.ok()?, room })
    }

    pub fn is_closed(&self) -> bool {
        self.messages.is_closed()
    }
}

fn room_for(bytes: usize) -> u32 {
    bytes.clamp(1, BYTES) as u32
}

impl<M> Place<'_, M> {
    pub fn put(self, message: M) {
        self.message.send((message, self.room));
    }
}

impl<M> Stream for Outbox<M> {
    type Item = M;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<M>> {
        self.0.poll_recv(cx).map(|waiting| waiting.map(|(message, _)| message))
    }
}
