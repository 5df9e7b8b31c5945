//! What is no gRPC gets an answer that HTTP understands, as the gRPC specification has it.

use axum::extract::Request;
use axum::http::header::{ALLOW, CONTENT_TYPE};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// What the content types of gRPC begin with.
const GRPC: &str = "application/grpc";

pub(crate) async fn check(request: Request, next: Next) -> Response {
    if request.method() != Method::POST {
        let words = "gRPC is POST; the pages for people and Prometheus are on the other port\n";
        return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "POST")], words).into_response();
    }
    let content = request.headers().get(CONTENT_TYPE).and_then(|content| content.to_str().ok());
    if !content.is_some_and(|content| content.starts_with(GRPC)) {
        let words = "send content-type: application/grpc, and gRPC frames\n";
        return (StatusCode::UNSUPPORTED_MEDIA_TYPE, words).into_response();
    }
    next.run(request).await
}
