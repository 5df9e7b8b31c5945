//! Deadlines: a client says with `grpc-timeout` how long it will wait, and nobody works longer.

use std::task::Poll;
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;
use tokio::time::Instant;
use tonic::Status;

use crate::{body, status};

/// The most time kept back for the way of the answer.
const WAY_BACK: Duration = Duration::from_millis(10);

pub(crate) async fn keep(request: Request, next: Next) -> Response {
    let allowed = match timeout(request.headers()) {
        Ok(Some(allowed)) => allowed,
        Ok(None) => return next.run(request).await,
        Err(status) => return status::answer(status),
    };
    // The answer has to be there before the client's own clock runs out, or the client sees only
    // that its patience ended, and not what that means.
    let deadline = Instant::now() + allowed - WAY_BACK.min(allowed / 10);
    match tokio::time::timeout_at(deadline, next.run(request)).await {
        Ok(response) => response.map(|answer| limited(answer, deadline, allowed)),
        Err(_) => status::answer(exceeded(allowed)),
    }
}

/// An answer that ends at its deadline, whole or not. Hyper asks for frames as fast as the client
/// reads, so a client that doesn't read learns of the deadline only when it reads again.
fn limited(answer: Body, deadline: Instant, allowed: Duration) -> Body {
    let mut deadline = Box::pin(tokio::time::sleep_until(deadline));
    body::through(answer, move |answer, cx| {
        // The clock goes first: a stream that always has another message would never let it speak.
        if deadline.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Some(Ok(status::trailers(&exceeded(allowed)))));
        }
        answer.poll_frame(cx)
    })
}

fn exceeded(allowed: Duration) -> Status {
    Status::deadline_exceeded(format!(
        "not done within the {allowed:?} that the client allowed; a write may be on disk or not: \
         read it back, or send it again with more time"
    ))
}

/// The time that the client allows, as the gRPC specification writes it: at most eight digits and a
/// unit.
fn timeout(headers: &HeaderMap) -> Result<Option<Duration>, Status> {
    let Some(header) = headers.get("grpc-timeout") else { return Ok(None) };
    let parsed = header.to_str().ok().and_then(parse);
    parsed.map(Some).ok_or_else(|| {
        Status::invalid_argument(format!(
            "grpc-timeout is {header:?}; it must be 1 to 8 digits and a unit (H, M, S, m, u or n), \
             such as 500m"
        ))
    })
}

fn parse(text: &str) -> Option<Duration> {
    let unit = text.chars().last()?;
    let digits = text.strip_suffix(unit)?;
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let number = digits.parse().ok()?;
    match unit {
        'H' => Some(Duration::from_secs(number * 3600)),
        'M' => Some(Duration::from_secs(number * 60)),
        'S' => Some(Duration::from_secs(number)),
        'm' => Some(Duration::from_millis(number)),
        'u' => Some(Duration::from_micros(number)),
        'n' => Some(Duration::from_nanos(number)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeout_is_digits_and_a_unit() {
        assert_eq!(parse("3H"), Some(Duration::from_secs(10_800)));
        assert_eq!(parse("99999999m"), Some(Duration::from_millis(99_999_999)));
        assert_eq!(parse("0n"), Some(Duration::ZERO));
        for wrong in ["", "m", "100", "+5m", "1 S", "1s", "123456789m", "5µ"] {
            assert_eq!(parse(wrong), None, "{wrong:?}");
        }
    }
}
