//! A request ends exactly once for its observer, on every path.

use std::time::Duration;

use proto::kv::v1::{BatchRequest, SessionRequest};
use serve::Shutdown;
use tokio::time::{sleep, timeout};
use tonic::Code;

use crate::service::{Client, Seen, client, get, request, scan};

async fn start() -> (Client, Seen, Shutdown) {
    let (seen, shutdown) = (Seen::default(), Shutdown::new());
    (client(&seen, &shutdown).await, seen, shutdown)
}

/// Checks that the one request began and ended with `code`, and that nothing follows.
async fn ended(seen: &Seen, method: &str, code: &str) {
    let expected = vec![format!("atoll.kv.v1.KeyValue/{method} r began"), format!("r {code}")];
    assert_eq!(seen.wait(2).await, expected);
    sleep(Duration::from_secs(60)).await;
    assert_eq!(seen.lines(), expected, "a request ended twice");
}

#[tokio::test(start_paused = true)]
async fn a_unary_answer() {
    let (mut client, seen, _) = start().await;
    client.get(get("apple")).await.unwrap();
    assert_eq!(seen.lines().len(), 2, "the client has its answer, so the observer knows of it");
    ended(&seen, "Get", "Ok").await;
}

#[tokio::test(start_paused = true)]
async fn an_error_without_a_message() {
    let (mut client, seen, _) = start().await;
    let status = client.get(get("missing")).await.unwrap_err();
    assert_eq!((status.code(), status.message()), (Code::NotFound, "no such key"));
    ended(&seen, "Get", "NotFound").await;
}

#[tokio::test(start_paused = true)]
async fn a_stream() {
    let (mut client, seen, _) = start().await;
    let mut answers = client.scan(scan("many")).await.unwrap().into_inner();
    for _ in 0..9 {
        assert!(answers.message().await.unwrap().is_some());
        assert_eq!(seen.lines().len(), 1, "a stream ends with its trailers, not before");
    }
    assert!(answers.message().await.unwrap().is_some());
    assert!(answers.message().await.unwrap().is_none());
    ended(&seen, "Scan", "Ok").await;
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_fails() {
    let (mut client, seen, _) = start().await;
    let mut answers = client.scan(scan("error")).await.unwrap().into_inner();
    assert!(answers.message().await.unwrap().is_some());
    assert_eq!(answers.message().await.unwrap_err().message(), "a damaged record");
    ended(&seen, "Scan", "DataLoss").await;
}

#[tokio::test(start_paused = true)]
async fn a_stream_of_requests() {
    let (mut client, seen, _) = start().await;
    let writes = tokio_stream::iter((0..3).map(|id| BatchRequest { id, write: None }));
    assert_eq!(client.batch(request(writes)).await.unwrap().into_inner().written, 3);
    ended(&seen, "Batch", "Ok").await;
}

#[tokio::test(start_paused = true)]
async fn streams_both_ways() {
    let (mut client, seen, _) = start().await;
    let accesses = tokio_stream::iter((0..3).map(|id| SessionRequest { id, access: None }));
    let mut answers = client.session(request(accesses)).await.unwrap().into_inner();
    for id in 0..3 {
        assert_eq!(answers.message().await.unwrap().unwrap().id, id);
    }
    assert!(answers.message().await.unwrap().is_none());
    ended(&seen, "Session", "Ok").await;
}

#[tokio::test(start_paused = true)]
async fn a_client_that_goes_before_the_answer() {
    let (mut client, seen, _) = start().await;
    timeout(Duration::from_secs(1), client.get(get("never"))).await.unwrap_err();
    ended(&seen, "Get", "Cancelled").await;
}

#[tokio::test(start_paused = true)]
async fn a_client_that_goes_within_the_stream() {
    let (mut client, seen, _) = start().await;
    let mut answers = client.scan(scan("never")).await.unwrap().into_inner();
    assert!(answers.message().await.unwrap().is_some());
    drop(answers);
    ended(&seen, "Scan", "Cancelled").await;
}

#[tokio::test(start_paused = true)]
async fn a_deadline() {
    let (mut client, seen, _) = start().await;
    let mut request = get("never");
    request.set_timeout(Duration::from_secs(1));
    assert_eq!(client.get(request).await.unwrap_err().code(), Code::DeadlineExceeded);
    ended(&seen, "Get", "DeadlineExceeded").await;
}

#[tokio::test(start_paused = true)]
async fn a_deadline_within_the_stream() {
    let (mut client, seen, _) = start().await;
    let mut request = scan("never");
    request.set_timeout(Duration::from_secs(1));
    let mut answers = client.scan(request).await.unwrap().into_inner();
    assert!(answers.message().await.unwrap().is_some());
    assert_eq!(answers.message().await.unwrap_err().code(), Code::DeadlineExceeded);
    ended(&seen, "Scan", "DeadlineExceeded").await;
}

#[tokio::test(start_paused = true)]
async fn the_gate() {
    let (mut client, seen, shutdown) = start().await;
    shutdown.begin();
    let status = client.get(get("apple")).await.unwrap_err();
    assert_eq!(status.code(), Code::Unavailable);
    assert_eq!(
        status.message(),
        "this replica is shutting down; ask another replica, or try again when it is back"
    );
    ended(&seen, "Get", "Unavailable").await;
}

#[tokio::test(start_paused = true)]
async fn a_panic() {
    let (mut client, seen, _) = start().await;
    let status = client.get(get("panic")).await.unwrap_err();
    assert_eq!(status.code(), Code::Internal);
    assert!(status.message().contains("panicked"), "{status}");
    ended(&seen, "Get", "Internal").await;
    client.get(get("apple")).await.expect("the server goes on");
}

#[tokio::test(start_paused = true)]
async fn a_panic_within_the_stream() {
    let (mut client, seen, _) = start().await;
    let mut answers = client.scan(scan("panic")).await.unwrap().into_inner();
    assert!(answers.message().await.unwrap().is_some());
    assert_eq!(answers.message().await.unwrap_err().code(), Code::Internal);
    ended(&seen, "Scan", "Internal").await;
}
