//! A channel for the answers of a stream, bounded in bytes.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use prost::Message;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio_stream::Stream;
use tonic::Status;

use crate::memory::{Held, Memory};

/// The most messages that wait, however small they are.
const MESSAGES: usize = 1024;

/// The reader is gone, or was told that there is no memory for it: nobody waits for the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the client is gone, or has been told that this replica holds no more for it; end the stream")]
pub struct Gone;

/// Where a handler puts the answers of a stream.
#[derive(Debug)]
pub struct Answering<T> {
    sender: mpsc::Sender<Waiting<T>>,
    room: Arc<Semaphore>,
    bytes: usize,
    memory: Memory,
}

/// The answers of a stream, as tonic takes them.
#[derive(Debug)]
pub struct Answers<T>(mpsc::Receiver<Waiting<T>>);

/// An answer, and what it takes until it is encoded.
type Waiting<T> = (Result<T, Status>, Option<(OwnedSemaphorePermit, Held)>);

impl Memory {
    /// A channel in which answers of up to this many bytes wait for their reader; one answer always
    /// has room.
    pub fn channel<T: Message>(&self, bytes: usize) -> (Answering<T>, Answers<T>) {
        let bytes = bytes.clamp(1, Semaphore::MAX_PERMITS.min(u32::MAX as usize));
        let (sender, receiver) = mpsc::channel(MESSAGES);
        let room = Arc::new(Semaphore::new(bytes));
        (Answering { sender, room, bytes, memory: self.clone() }, Answers(receiver))
    }
}

impl<T: Message> Answering<T> {
    /// Sends an answer, or the status that ends the stream, once there is room for it.
    ///
    /// # Errors
    /// If nobody waits for it.
    pub async fn send(&self, answer: Result<T, Status>) -> Result<(), Gone> {
        let Ok(message) = &answer else { return self.put((answer, None)).await };
        let bytes = message.encoded_len();
        // Before it waits for room: while it waits it is in memory.
        let held = self.hold(bytes).await?;
        let room = tokio::select! {
            room = self.room.clone().acquire_many_owned(bytes.clamp(1, self.bytes) as u32) => room,
            () = self.sender.closed() => return Err(Gone),
        };
        let room = room.map_err(|_| Gone)?;
        self.put((answer, Some((room, held)))).await
    }

    /// Counts `bytes` for what is not an answer yet, until the result is dropped: take it first,
    /// and then shrink it to the actual size. Waits a little if there is no room. If there still is
    /// none, the client is told, and the stream ends.
    ///
    /// # Errors
    /// If the stream has to end.
    pub async fn hold(&self, bytes: usize) -> Result<Held, Gone> {
        match self.memory.wait_for(bytes).await {
            Ok(held) => Ok(held),
            Err(status) => {
                self.put((Err(status), None)).await?;
                Err(Gone)
            }
        }
    }

    /// Whether nobody waits for answers any more.
    pub fn is_closed(&self) -> bool {
        self.sender.is_closed()
    }

    /// Waits until nobody waits for answers any more.
    pub async fn closed(&self) {
        self.sender.closed().await;
    }

    async fn put(&self, waiting: Waiting<T>) -> Result<(), Gone> {
        self.sender.send(waiting).await.map_err(|_| Gone)
    }
}

impl<T> Stream for Answers<T> {
    type Item = Result<T, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(ready!(self.0.poll_recv(cx)).map(|(answer, _)| answer))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use tokio_stream::StreamExt;
    use tokio_util::sync::CancellationToken;
    use tonic::Extensions;

    use super::*;
    use crate::account::Accounts;

    #[tokio::test]
    async fn what_waits_for_room_counts_as_what_has_some() {
        let accounts = Accounts::default();
        let mut extensions = Extensions::new();
        extensions.insert(accounts.open(CancellationToken::new()));
        let (sender, mut answers) = Memory::of(&extensions).channel::<Vec<u8>>(10);
        let large = || Ok(vec![0; 1000]);
        sender.send(large()).await.unwrap();
        let waits = tokio::spawn(async move { sender.send(large()).await });
        tokio::task::yield_now().await;
        let held = accounts.held();
        assert!(held >= 2000, "two answers of 1000 bytes count as {held}");
        while answers.next().await.is_some() {}
        assert!(waits.await.unwrap().is_ok());
        assert_eq!(accounts.held(), 0);
    }
}
