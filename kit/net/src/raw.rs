//! Requests that no client library would send.

use tonic::Status;
use tonic::codegen::http::Request;
use tonic::service::Routes;
use tower::ServiceExt;

/// Sends `body`, length prefix and all, to `method` ("/package.Service/Method"), and returns the
/// status that the answer begins with; OK where it begins with a message.
pub async fn raw(routes: Routes, method: &str, body: &[u8]) -> Status {
    let request = Request::post(method)
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .body(axum::body::Body::from(body.to_vec()));
    let request = match request {
        Ok(request) => request,
        Err(error) => return Status::internal(format!("\"{method}\" is no path: {error}")),
    };
    let Ok(response) = routes.into_axum_router().oneshot(request).await;
    Status::from_header_map(response.headers()).unwrap_or_else(|| Status::ok(""))
}
