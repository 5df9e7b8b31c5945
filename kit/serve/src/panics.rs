//! A handler that panics ends its own request, and no other.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use axum::body::HttpBody;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use tonic::Status;

use crate::{body, status};

pub(crate) async fn catch(request: Request, next: Next) -> Response {
    let mut handler = pin!(next.run(request));
    // After a panic the handler is dropped and never polled again, so nobody sees it half done.
    let answer = poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| handler.as_mut().poll(cx))) {
        Ok(poll) => poll.map(Some),
        Err(_) => Poll::Ready(None),
    })
    .await;
    match answer {
        Some(response) => response.map(|answer| {
            body::through(answer, |answer, cx| {
                catch_unwind(AssertUnwindSafe(|| answer.poll_frame(cx)))
                    .unwrap_or_else(|_| Poll::Ready(Some(Ok(status::trailers(&panicked())))))
            })
        }),
        None => status::answer(panicked()),
    }
}

fn panicked() -> Status {
    Status::internal(
        "the handler of this request panicked, a defect of the replica and not of the request; \
         the replica's log says where",
    )
}
