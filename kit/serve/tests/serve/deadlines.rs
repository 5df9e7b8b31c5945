//! What a client learns when its time is over.

use std::time::Duration;

use serve::Shutdown;
use tokio::time::Instant;
use tonic::Code;

use crate::service::{Seen, client, get, scan};

#[tokio::test(start_paused = true)]
async fn the_answer_comes_before_the_client_gives_up_and_says_what_it_means() {
    let mut client = client(&Seen::default(), &Shutdown::new()).await;
    // Below 10 ms the way back is shorter than the clock's millisecond.
    for allowed in [10, 50, 5000] {
        let mut request = get("never");
        request.set_timeout(Duration::from_millis(allowed));
        let begun = Instant::now();
        let status = client.get(request).await.unwrap_err();
        assert!(begun.elapsed() <= Duration::from_millis(allowed), "{allowed} ms");
        assert_eq!(status.code(), Code::DeadlineExceeded, "{allowed} ms: {status}");
        assert!(status.message().contains("read it back"), "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_gives_what_it_had_in_time() {
    let mut client = client(&Seen::default(), &Shutdown::new()).await;
    let mut request = scan("many");
    request.set_timeout(Duration::from_millis(350));
    let mut answers = client.scan(request).await.unwrap().into_inner();
    for _ in 0..3 {
        assert!(answers.message().await.unwrap().is_some());
    }
    assert_eq!(answers.message().await.unwrap_err().code(), Code::DeadlineExceeded);
}

#[tokio::test(start_paused = true)]
async fn time_enough_changes_nothing() {
    let mut client = client(&Seen::default(), &Shutdown::new()).await;
    let mut request = get("soon");
    request.set_timeout(Duration::from_secs(1));
    client.get(request).await.unwrap();
    let mut request = scan("many");
    request.set_timeout(Duration::from_secs(2));
    let mut answers = client.scan(request).await.unwrap().into_inner();
    while answers.message().await.unwrap().is_some() {}
}

#[tokio::test(start_paused = true)]
async fn a_deadline_that_cannot_be_read_is_refused() {
    let mut client = client(&Seen::default(), &Shutdown::new()).await;
    let mut request = get("apple");
    request.metadata_mut().insert("grpc-timeout", "soon".parse().unwrap());
    let status = client.get(request).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    assert!(status.message().contains("\"soon\"") && status.message().contains("500m"), "{status}");
}
