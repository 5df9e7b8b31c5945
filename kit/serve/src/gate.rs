//! The gate: it closes when the shutdown begins, and what is inside ends.

use std::sync::Arc;

use axum::body::{Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use tokio_util::task::task_tracker::TaskTrackerToken;
use tonic::Status;

use crate::shutdown::Shutdown;
use crate::{body, status};

const CLOSED: &str = "this replica is shutting down; ask another replica, or try again when it is back";

pub(crate) async fn pass(State(shutdown): State<Shutdown>, request: Request, next: Next) -> Response {
    let Some(token) = shutdown.enter() else {
        return status::answer(Status::unavailable(CLOSED));
    };
    let token = Arc::new(token);
    next.run(request).await.map(|answer| {
        body::through(answer, move |answer, cx| {
            answer.poll_frame(cx).map_ok(|frame| {
                frame.map_data(|bytes| Bytes::from_owner(OnTheWay { bytes, _in_flight: token.clone() }))
            })
        })
    })
}

/// Bytes of an answer. The request is in flight until they are in the socket: long after its handler
/// has returned, and after the last of them was handed to a connection whose client reads slowly.
struct OnTheWay {
    bytes: Bytes,
    _in_flight: Arc<TaskTrackerToken>,
}

impl AsRef<[u8]> for OnTheWay {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}
