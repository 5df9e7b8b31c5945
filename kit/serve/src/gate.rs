//! The gate: it closes when the shutdown begins, and what is inside ends.

use axum::body::HttpBody;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use tonic::Status;

use crate::shutdown::Shutdown;
use crate::{body, status};

const CLOSED: &str = "this replica is shutting down; ask another replica, or try again when it is back";

pub(crate) async fn pass(State(shutdown): State<Shutdown>, request: Request, next: Next) -> Response {
    let Some(token) = shutdown.enter() else {
        return status::answer(Status::unavailable(CLOSED));
    };
    // A stream is in flight until its last frame is out, long after its handler has returned.
    next.run(request).await.map(|answer| {
        body::through(answer, move |answer, cx| {
            let _in_flight = &token;
            answer.poll_frame(cx)
        })
    })
}
