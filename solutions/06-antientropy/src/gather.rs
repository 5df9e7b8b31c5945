//! Small messages are sent together.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use prost::Message;
use tokio::time::{Sleep, sleep};
use tokio_stream::Stream;

/// How many messages are enough.
const ENOUGH: usize = 16;

/// How many bytes of messages are enough: at this size tonic ends a frame.
const ENOUGH_BYTES: usize = 32 << 10;

/// How long a message waits for others.
const WAIT: Duration = Duration::from_millis(1);

/// The messages of a stream, a few at a time: tonic puts all available ones into one frame.
///
/// A CHECK alone makes a frame of some fifty bytes. The windows of HTTP/2 count bytes, but each frame costs
/// its reader memory besides; so the reader's side (h2, `data_frame_budget`) breaks the whole connection
/// when too many small frames wait to be read, with ENHANCE_YOUR_CALM. A remote that waits for its disk
/// while thousands of CHECKs arrive would lose its connection.
pub struct Gathered<S: Stream> {
    messages: S,
    ready: VecDeque<S::Item>,
    bytes: usize,
    /// Runs while more messages are waited for.
    wait: Option<Pin<Box<Sleep>>>,
}

impl<S: Stream> Gathered<S> {
    /// These messages.
    pub fn new(messages: S) -> Self {
        Self { messages, ready: VecDeque::with_capacity(ENOUGH), bytes: 0, wait: None }
    }
}

impl<S: Stream<Item: Message + Unpin> + Unpin> Stream for Gathered<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        loop {
            if self.wait.is_none()
                && let Some(message) = self.ready.pop_front()
            {
                self.bytes -= message.encoded_len();
                return Poll::Ready(Some(message));
            }
            match Pin::new(&mut self.messages).poll_next(cx) {
                Poll::Ready(Some(message)) => {
                    self.bytes += message.encoded_len();
                    self.ready.push_back(message);
                    match self.ready.len() {
                        _ if self.bytes >= ENOUGH_BYTES => self.wait = None,
                        1 => self.wait = Some(Box::pin(sleep(WAIT))),
                        ENOUGH => self.wait = None,
                        _ => {}
                    }
                }
                Poll::Ready(None) if self.ready.is_empty() => return Poll::Ready(None),
                Poll::Ready(None) => self.wait = None,
                Poll::Pending => {
                    let waited = self.wait.as_mut().is_some_and(|wait| wait.as_mut().poll(cx).is_ready());
                    if !waited {
                        return Poll::Pending;
                    }
                    self.wait = None;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio_stream::StreamExt;

    use super::*;

    /// How many of a hundred messages of so many bytes were taken when the first of them comes out.
    async fn taken(bytes: usize) -> usize {
        let mut taken = 0;
        let messages = tokio_stream::iter(0..100).map(|_| {
            taken += 1;
            vec![0; bytes]
        });
        Gathered::new(messages).next().await;
        taken
    }

    #[tokio::test(start_paused = true)]
    async fn few_large_messages_wait_for_others() {
        assert_eq!((taken(50).await, taken(10_000).await, taken(100_000).await), (16, 4, 1));
    }
}
