//! Words for the errors that tonic itself answers with: what is wrong, and what to do.

use axum::body::HttpBody;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;
use tonic::{Code, Status};

use crate::{body, status};

pub(crate) async fn mend(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    mend_headers(response.headers_mut(), &path);
    response.map(|answer| {
        body::through(answer, move |answer, cx| {
            answer.poll_frame(cx).map_ok(|mut frame| {
                if let Some(trailers) = frame.trailers_mut() {
                    mend_headers(trailers, &path);
                }
                frame
            })
        })
    })
}

/// Puts better words where the headers or trailers hold an error of tonic's own.
fn mend_headers(headers: &mut HeaderMap, path: &str) {
    if matches!(status::code(headers), None | Some(Code::Ok)) {
        return;
    }
    let better =
        Status::from_header_map(headers).and_then(|status| better(status.code(), status.message(), path));
    if let Some(status) = better
        && let Err(status) = status.add_header(headers)
    {
        tracing::error!(%status, "a status could not be written into headers");
    }
}

/// Better words for an error, where it is one that tonic or prost writes. The code stays, as the
/// gRPC specification has it, but where tonic's differs from the specification's.
fn better(code: Code, message: &str, path: &str) -> Option<Status> {
    match code {
        Code::OutOfRange => {
            let sizes = message.strip_prefix("Error, decoded message length too large: found ")?;
            let (size, limit) = sizes.strip_suffix(" bytes")?.split_once(" bytes, the limit is: ")?;
            Some(Status::resource_exhausted(format!(
                "the message has {size} bytes and this replica reads at most {limit}; \
                 send less in one message"
            )))
        }
        Code::Internal if message == "Unexpected EOF decoding stream." => Some(Status::internal(
            "the request ends within a message (a truncated frame), and that message was not read; \
             send it again, whole",
        )),
        Code::Internal if message == "Missing request message." => Some(Status::internal(
            "the request ends before its message; \
             send one: 5 bytes of frame header (a zero, the length), then the protobuf",
        )),
        Code::Internal if message.starts_with("protocol error: received message with") => {
            Some(Status::internal(
                "a frame begins with a byte other than 0: it is compressed, which this replica does not \
                 read, or no gRPC frame; send 0, four bytes of length, then the protobuf",
            ))
        }
        Code::Internal => {
            let reason = message.strip_prefix("failed to decode Protobuf message: ")?;
            Some(Status::internal(format!(
                "the message is not the protobuf that {path} takes ({reason}); \
                 build the client from the .proto files of this replica"
            )))
        }
        Code::Unimplemented if message.is_empty() => Some(Status::unimplemented(format!(
            "this replica has no method {path}; check the spelling (grpcurl ADDRESS list shows what \
             there is), or ask a replica with a newer program"
        ))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_handler_are_left_alone() {
        assert!(better(Code::OutOfRange, "the page is past the end", "/kv/List").is_none());
        assert!(better(Code::Internal, "the disk is full", "/kv/Put").is_none());
        assert!(better(Code::Unimplemented, "not on this replica", "/kv/Put").is_none());
    }
}
