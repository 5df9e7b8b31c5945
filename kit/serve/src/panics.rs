//! A handler that panics ends its own request, and no other.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http_body::{Frame, SizeHint};
use tonic::Status;

use crate::status;

pub(crate) async fn catch(request: Request, next: Next) -> Response {
    let mut handler = pin!(next.run(request));
    // After a panic the handler is dropped and never polled again, so nobody sees it half done.
    let answer = poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| handler.as_mut().poll(cx))) {
        Ok(poll) => poll.map(Some),
        Err(_) => Poll::Ready(None),
    })
    .await;
    match answer {
        Some(response) => response.map(|answer| Body::new(Caught(Some(answer)))),
        None => status::answer(panicked()),
    }
}

fn panicked() -> Status {
    Status::internal(
        "the handler of this request panicked, a defect of the replica and not of the request; its log says where",
    )
}

/// An answer whose stream may panic.
struct Caught(Option<Body>);

impl HttpBody for Caught {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let Some(answer) = &mut self.0 else { return Poll::Ready(None) };
        catch_unwind(AssertUnwindSafe(|| Pin::new(answer).poll_frame(cx))).unwrap_or_else(|_| {
            self.0 = None;
            Poll::Ready(Some(Ok(status::trailers(&panicked()))))
        })
    }

    fn is_end_stream(&self) -> bool {
        self.0.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.0.as_ref().map(HttpBody::size_hint).unwrap_or_default()
    }
}
