//! What the tests of the chapters rely on in the network in memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::routing::post;
use tokio::time::sleep;
use tokio_stream::StreamExt;
use tonic::client::GrpcService;
use tonic::codegen::http::{Request, Response};
use tonic::transport::Channel;

const MESSAGE: usize = 1024;

async fn call(channel: &mut Channel, path: &str) -> Response<tonic::body::Body> {
    std::future::poll_fn(|cx| GrpcService::<tonic::body::Body>::poll_ready(channel, cx)).await.unwrap();
    channel.call(Request::post(path).body(tonic::body::Body::empty()).unwrap()).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_stops_reading_stops_the_sender() {
    let sent = Arc::new(AtomicUsize::new(0));
    let sending = sent.clone();
    let endless = move || {
        let sending = sending.clone();
        let messages = tokio_stream::iter(std::iter::repeat_with(move || {
            sending.fetch_add(MESSAGE, Ordering::Relaxed);
            Ok::<_, std::io::Error>(Bytes::from_static(&[0; MESSAGE]))
        }));
        async { Body::from_stream(messages) }
    };
    let mut channel = net::connect(Router::new().route("/endless", post(endless)).into()).await;
    let mut answer = Body::new(call(&mut channel, "/endless").await.into_body()).into_data_stream();

    sleep(Duration::from_secs(60)).await;
    let unread = sent.load(Ordering::Relaxed);
    assert!((MESSAGE..=80 * 1024).contains(&unread), "{unread} bytes are on their way to nobody");

    let mut read = 0;
    while read < 1024 * 1024 {
        read += answer.next().await.unwrap().unwrap().len();
    }
    assert!(sent.load(Ordering::Relaxed) >= read, "reading sets it going again");
}

#[tokio::test(start_paused = true)]
async fn a_channel_outlives_an_answer_that_was_dropped() {
    let mut channel = net::connect(Router::new().route("/hello", post(async || "hello")).into()).await;
    for _ in 0..3 {
        drop(call(&mut channel, "/hello").await);
    }
    let answer = call(&mut channel, "/hello").await;
    let mut body = Body::new(answer.into_body()).into_data_stream();
    assert_eq!(body.next().await.unwrap().unwrap(), "hello");
}
