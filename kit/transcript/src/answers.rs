//! The answers of a stream that the other end opened.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::sync::oneshot;
use tokio_stream::Stream;
use tonic::Status;

/// Messages, and at the end the status, if there is one. A status never waits for room.
#[derive(Debug)]
pub struct Answers<S> {
    messages: S,
    end: oneshot::Receiver<Status>,
}

impl<S> Answers<S> {
    /// Answers with `messages`. The stream ends when there are no more, and the returned sender was
    /// used or dropped: with its status, or cleanly.
    pub fn new(messages: S) -> (Self, oneshot::Sender<Status>) {
        let (sender, end) = oneshot::channel();
        (Self { messages, end }, sender)
    }
}

impl<S: Stream + Unpin> Stream for Answers<S> {
    type Item = Result<S::Item, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(message) = ready!(Pin::new(&mut self.messages).poll_next(cx)) {
            return Poll::Ready(Some(Ok(message)));
        }
        // Asked once more after the end, this would panic; tonic does not.
        Poll::Ready(ready!(Pin::new(&mut self.end).poll(cx)).ok().map(Err))
    }
}
