//! Every byte of a request and of its answer is counted, see [`memory`](crate::memory).

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http_body::Frame;
use tonic::Status;

use crate::account::REQUEST;
use crate::body::Polled;
use crate::memory::{Counted, Held, Memory};
use crate::{body, status};

pub(crate) async fn count(request: Request, next: Next) -> Response {
    let memory = Memory::of_request(request.extensions());
    let (held, in_flight) = match (memory.hold(0), memory.hold(REQUEST)) {
        (Ok(held), Ok(in_flight)) => (Arc::new(held), in_flight),
        (Err(status), _) | (_, Err(status)) => return status::answer(status),
    };
    // The message counts until the answer begins: the handler has it.
    let request =
        request.map(|asked| Body::new(Incoming { asked, held: held.clone(), message: Message::default() }));
    let answer = next.run(request).await;
    drop(held);
    answer.map(|answer| {
        body::through(answer, move |answer, cx| {
            let _in_flight = &in_flight;
            let frame = match ready!(answer.poll_frame(cx)) {
                Some(Ok(frame)) => frame,
                other => return Poll::Ready(other),
            };
            let Some(bytes) = frame.data_ref() else { return Poll::Ready(Some(Ok(frame))) };
            match memory.hold(bytes.len()) {
                Ok(held) => {
                    let _held = Arc::new(held);
                    Poll::Ready(Some(Ok(
                        frame.map_data(|content| Bytes::from_owner(Counted { content, _held }))
                    )))
                }
                Err(status) => Poll::Ready(Some(Ok(status::trailers(&status)))),
            }
        })
    })
}

/// A request on its way in. What counts is the message that is not whole yet, and the last one that is: nobody
/// can see from here when a handler is done with it, but it takes the next one only then.
struct Incoming {
    asked: Body,
    held: Arc<Held>,
    message: Message,
}

impl HttpBody for Incoming {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Polled {
        let frame = match ready!(Pin::new(&mut self.asked).poll_frame(cx)) {
            Some(Ok(frame)) => frame,
            other => return Poll::Ready(other),
        };
        if let Some(bytes) = frame.data_ref() {
            self.message.take(bytes);
            if let Err(exhausted) = self.held.resize(self.message.bytes()) {
                return Poll::Ready(Some(Err(axum::Error::new(Status::from(exhausted)))));
            }
        }
        Poll::Ready(Some(Ok::<Frame<Bytes>, _>(frame)))
    }

    fn is_end_stream(&self) -> bool {
        self.asked.is_end_stream()
    }
}

/// How far the messages of a request have come. Each has a head of five bytes: a flag, and the length.
#[derive(Default)]
struct Message {
    head: Vec<u8>,
    /// What is still to come of the message whose head is whole.
    to_come: usize,
    /// What has come of it.
    here: usize,
    /// The length of the one before.
    before: usize,
}

impl Message {
    const HEAD: usize = 5;

    fn take(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            if self.to_come == 0 {
                let (more, rest) = bytes.split_at(bytes.len().min(Self::HEAD - self.head.len()));
                self.head.extend(more);
                bytes = rest;
                if let [_, length @ ..] = self.head.as_slice()
                    && let Ok(length) = <[u8; 4]>::try_from(length)
                {
                    self.to_come = u32::from_be_bytes(length) as usize;
                    self.head.clear();
                }
            } else {
                let (more, rest) = bytes.split_at(bytes.len().min(self.to_come));
                (self.here, self.to_come) = (self.here + more.len(), self.to_come - more.len());
                bytes = rest;
                if self.to_come == 0 {
                    (self.before, self.here) = (self.here, 0);
                }
            }
        }
    }

    fn bytes(&self) -> usize {
        self.before + self.here
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_counts_until_the_next_one_is_whole() {
        let mut message = Message::default();
        let frames = [&[0, 0, 0, 0, 4][..], b"four", &[0, 0, 0, 0, 0], &[0, 0, 0, 0, 3], b"one"].concat();
        let mut held = Vec::new();
        for byte in frames {
            message.take(&[byte]);
            held.push(message.bytes());
        }
        assert_eq!(held, [0, 0, 0, 0, 0, 1, 2, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 5, 6, 3]);
    }
}
