//! Connections that break, and replicas that die and return.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::routing::post;
use net::Network;
use tokio::time::sleep;
use tonic::Code;
use tonic::client::GrpcService;

use crate::support::{Diary, Talk, echo, ms};

#[tokio::test(start_paused = true)]
async fn a_reset_is_seen_by_both() {
    let diary = Diary::new();
    let network = Network::new();
    network.serve(1, echo("1", &diary));
    network.serve(2, echo("2", &diary));
    network.latency(1, 2, ms(50));
    let (first, second) = tokio::join!(network.connect(1, 2), network.connect(2, 1));
    let mut there = Talk::open(first.unwrap()).await.unwrap();
    let mut back = Talk::open(second.unwrap()).await.unwrap();
    let before = diary.now();
    network.reset(2, 1);
    assert!(there.hear().await.is_err());
    assert!(back.hear().await.is_err());
    sleep(ms(0)).await;
    let mut heard = diary.read();
    heard.sort();
    assert_eq!(heard, [format!("{before} 1 is done"), format!("{before} 2 is done")]);
}

#[tokio::test(start_paused = true)]
async fn a_channel_finds_a_replica_that_returns() {
    let diary = Diary::new();
    let network = Network::new();
    network.serve(2, echo("old", &diary));
    let channel = network.connect(1, 2).await.unwrap();
    let mut talk = Talk::open(channel.clone()).await.unwrap();
    network.remove(2);
    assert!(talk.hear().await.is_err());
    for _ in 0..2 {
        let Err(status) = Talk::open(channel.clone()).await else { unreachable!("nobody answers") };
        assert_eq!(status.code(), Code::Unavailable, "{status:?}");
    }
    assert_eq!(network.connections(), 1);
    network.serve(2, echo("new", &diary));
    let mut talk = Talk::open(channel).await.unwrap();
    talk.say(7).await;
    assert_eq!(talk.hear().await.unwrap(), 7);
    assert_eq!(network.connections(), 2);
    assert_eq!(diary.read(), ["0 old is done", "0 new hears 7"]);
    drop(talk);
}

#[tokio::test(start_paused = true)]
async fn a_replica_that_is_not_served_refuses() {
    let network = Network::new();
    let error = network.connect(1, 2).await.unwrap_err();
    let words = format!("{error:?}");
    assert!(words.contains("replica 2 refused the connection: it is not served"), "{words}");
    assert_eq!(network.connections(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_small_window_stops_the_sender_early() {
    const MESSAGE: usize = 512;
    let network = Network::with_window(4096);
    // Holds the request, and reads none of it.
    let never = async |request: Request| {
        sleep(ms(60_000)).await;
        drop(request);
    };
    network.serve(2, Router::new().route("/never", post(never)).into());
    let mut channel = network.connect(1, 2).await.unwrap();
    let sent = Arc::new(AtomicUsize::new(0));
    let sending = sent.clone();
    let endless = tokio_stream::iter(std::iter::repeat_with(move || {
        sending.fetch_add(MESSAGE, Ordering::Relaxed);
        Ok::<_, std::io::Error>(Bytes::from_static(&[0; MESSAGE]))
    }));
    let request = tonic::codegen::http::Request::post("/never").body(Body::from_stream(endless)).unwrap();
    let request = request.map(tonic::body::Body::new);
    std::future::poll_fn(|cx| GrpcService::<tonic::body::Body>::poll_ready(&mut channel, cx)).await.unwrap();
    let answer = channel.call(request);
    let waits = tokio::time::timeout(ms(1000), answer).await;
    assert!(waits.is_err(), "nobody answers");
    let sent = sent.load(Ordering::Relaxed);
    assert!((4096..=4096 + 2 * MESSAGE).contains(&sent), "{sent} bytes were sent");
}

#[tokio::test(start_paused = true)]
async fn a_replica_that_dies_takes_its_own_connections_with_it() {
    let diary = Diary::new();
    let network = Network::new();
    network.serve(2, echo("2", &diary));
    network.serve(3, echo("3", &diary));
    let mut dead = Talk::open(network.connect(1, 2).await.unwrap()).await.unwrap();
    let mut alive = Talk::open(network.connect(2, 3).await.unwrap()).await.unwrap();
    network.remove(1);
    assert!(dead.hear().await.is_err());
    alive.say(1).await;
    assert_eq!(alive.hear().await.unwrap(), 1);
}
