//! Small messages leave together.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Sleep, sleep};
use tokio_stream::Stream;

/// How many messages are enough.
const ENOUGH: usize = 16;

/// How long a message waits for others.
const WAIT: Duration = Duration::from_millis(1);

/// The messages of a channel, a few at a time: tonic puts those that are there together into one frame.
///
/// A CHECK alone makes a frame of some fifty bytes. The windows of HTTP/2 count bytes, but each frame costs
/// its reader memory besides; so the reader's side (h2, `data_frame_budget`) breaks the whole connection
/// when too many small frames wait to be read, with ENHANCE_YOUR_CALM. A remote that waits for its disk
/// while thousands of CHECKs arrive would lose its connection.
pub struct Gathered<M> {
    receiver: mpsc::Receiver<M>,
    ready: VecDeque<M>,
    /// Runs while more messages are waited for.
    wait: Option<Pin<Box<Sleep>>>,
}

impl<M> Gathered<M> {
    /// The messages that come out of `receiver`.
    pub fn new(receiver: mpsc::Receiver<M>) -> Self {
        Self { receiver, ready: VecDeque::with_capacity(ENOUGH), wait: None }
    }
}

impl<M: Unpin> Stream for Gathered<M> {
    type Item = M;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<M>> {
        loop {
            if self.wait.is_none()
                && let Some(message) = self.ready.pop_front()
            {
                return Poll::Ready(Some(message));
            }
            match self.receiver.poll_recv(cx) {
                Poll::Ready(Some(message)) => {
                    self.ready.push_back(message);
                    match self.ready.len() {
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
