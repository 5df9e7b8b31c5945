//! How a status travels: in the headers of an answer without messages, or in its trailers.

use axum::body::{Body, Bytes};
use axum::http::HeaderMap;
use axum::response::Response;
use http_body::Frame;
use tonic::{Code, Status};

/// An answer that is a status and nothing else.
pub(crate) fn answer(status: Status) -> Response {
    status.into_http::<Body>()
}

/// The trailers that end an answer with `status`.
pub(crate) fn trailers(status: &Status) -> Frame<Bytes> {
    let mut headers = HeaderMap::new();
    // It fails only where a message has bytes that no header may hold, and they are escaped.
    if status.add_header(&mut headers).is_err() {
        tracing::error!(%status, "a status could not be written into trailers");
    }
    Frame::trailers(headers)
}

/// The code in headers or trailers, where they hold one.
pub(crate) fn code(headers: &HeaderMap) -> Option<Code> {
    headers.get(Status::GRPC_STATUS).map(|code| Code::from_bytes(code.as_bytes()))
}
