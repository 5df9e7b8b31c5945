//! One request, seen from its first byte to its last: its id, its span, its code.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;
use std::task::{Poll, ready};

use axum::body::HttpBody;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tonic::Code;
use tracing::{Instrument, Span};

use crate::{body, status};

/// The header that carries the id of a request, both ways.
const REQUEST_ID: &str = "x-request-id";

/// Longer ids are not taken over: they would be in every log line.
const REQUEST_ID_LIMIT: usize = 128;

/// Sees each request begin: where metrics, spans and logs of requests come from.
pub trait Observe: Send + Sync + 'static {
    /// A request has come in. `method` is its path without the first slash, such as
    /// `atoll.kv.v1.KeyValue/Get`, as the client wrote it: it may name no method at all, so check it
    /// before it becomes a label of a metric.
    fn begin(&self, method: &str, request_id: &str) -> Box<dyn Call>;
}

/// Sees one request end.
pub trait Call: Send {
    /// The span that the handler and the body of the answer run in.
    fn span(&self) -> Span;

    /// The request has ended with `code`. Called exactly once: `Cancelled` where the client has gone
    /// or the connection was cut, `Unknown` where an answer ended without a status.
    fn end(self: Box<Self>, code: Code);
}

pub(crate) async fn observe(
    State(observer): State<Arc<dyn Observe>>,
    request: Request,
    next: Next,
) -> Response {
    let id = request_id(request.headers());
    let call = observer.begin(request.uri().path().trim_start_matches('/'), &id);
    let span = call.span();
    let mut ending = Ending(Some(call));
    let mut response = next.run(request).instrument(span.clone()).await;
    if let Ok(id) = HeaderValue::try_from(id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    if let Some(code) = status::code(response.headers()) {
        ending.end(code);
        return response;
    }
    response.map(|answer| {
        body::through(answer, move |answer, cx| {
            let frame = ready!(span.in_scope(|| answer.poll_frame(cx)));
            // The end is told before the frame is sent: a client that has its answer and then reads
            // the metrics finds the request in them.
            match &frame {
                Some(Ok(frame)) => {
                    if let Some(trailers) = frame.trailers_ref() {
                        ending.end(status::code(trailers).unwrap_or(Code::Unknown));
                    }
                }
                Some(Err(_)) => ending.end(Code::Internal),
                None => ending.end(Code::Unknown),
            }
            Poll::Ready(frame)
        })
    })
}

/// The client's id for the request, or a new one.
fn request_id(headers: &HeaderMap) -> String {
    let given = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok());
    match given.filter(|id| !id.is_empty() && id.len() <= REQUEST_ID_LIMIT) {
        Some(id) => id.to_owned(),
        // Each RandomState has keys of its own: 64 bits that nobody can foresee.
        None => format!("{:016x}", RandomState::new().build_hasher().finish()),
    }
}

/// A call that has not ended. Dropped, it was cancelled: hyper drops a request when its client goes.
struct Ending(Option<Box<dyn Call>>);

impl Ending {
    fn end(&mut self, code: Code) {
        if let Some(call) = self.0.take() {
            call.end(code);
        }
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        self.end(Code::Cancelled);
    }
}
