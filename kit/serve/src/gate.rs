//! The gate: it closes when the shutdown begins, and what is inside ends.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http_body::{Frame, SizeHint};
use tokio_util::task::task_tracker::TaskTrackerToken;
use tonic::Status;

use crate::shutdown::Shutdown;
use crate::status;

const CLOSED: &str = "this replica is shutting down; ask another replica, or try again when it is back";

pub(crate) async fn pass(State(shutdown): State<Shutdown>, request: Request, next: Next) -> Response {
    let Some(token) = shutdown.enter() else {
        return status::answer(Status::unavailable(CLOSED));
    };
    // A stream is in flight until its last frame is out, long after its handler has returned.
    next.run(request).await.map(|answer| Body::new(InFlight { answer, _token: token }))
}

/// An answer on its way.
struct InFlight {
    answer: Body,
    _token: TaskTrackerToken,
}

impl HttpBody for InFlight {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.answer).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.answer.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.answer.size_hint()
    }
}
