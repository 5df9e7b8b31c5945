//! The end of a server: what is in flight ends, and nobody who says nothing holds it up.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};
use tonic::Code;
use tonic::transport::Endpoint;

use crate::running::Running;
use crate::service::{Client, get, scan};

#[tokio::test]
async fn what_is_in_flight_ends_and_nothing_new_begins() {
    let running = Running::start(Duration::from_secs(5)).await;
    let mut client = Client::new(running.channel().await);
    let mut answers = client.scan(scan("many")).await.unwrap().into_inner();
    assert!(answers.message().await.unwrap().is_some());
    running.shutdown.begin();
    assert_eq!(client.get(get("apple")).await.unwrap_err().code(), Code::Unavailable);
    let mut late = Client::new(running.channel().await);
    assert_eq!(late.get(get("apple")).await.unwrap_err().code(), Code::Unavailable);
    for _ in 1..10 {
        assert!(answers.message().await.unwrap().is_some());
    }
    assert!(answers.message().await.unwrap().is_none());
    let address = running.config.grpc;
    running.closed().await;
    assert!(TcpStream::connect(address).await.is_err(), "the socket is closed");
}

#[tokio::test]
async fn after_the_grace_what_is_in_flight_is_cut_off() {
    let running = Running::start(Duration::from_millis(200)).await;
    let mut client = Client::new(running.channel().await);
    let mut answers = client.scan(scan("never")).await.unwrap().into_inner();
    assert!(answers.message().await.unwrap().is_some());
    let waiting = tokio::spawn(async move { client.get(get("never")).await });
    running.seen.wait(2).await;
    let begun = Instant::now();
    running.shutdown.begin();
    let seen = running.seen.clone();
    running.closed().await;
    assert!(begun.elapsed() >= Duration::from_millis(200), "the grace was granted");
    let lines = seen.lines();
    let ended = lines.iter().filter(|line| *line == "r Cancelled").count();
    assert_eq!(ended, 2, "every request has ended when the server has: {lines:?}");
    assert!(answers.message().await.is_err());
    assert!(waiting.await.unwrap().is_err());
}

#[tokio::test]
async fn silent_connections_do_not_hold_the_end_up() {
    let running = Running::start(Duration::from_secs(60)).await;
    let _grpc = TcpStream::connect(running.config.grpc).await.unwrap();
    let _http = TcpStream::connect(running.config.http).await.unwrap();
    let _idle = running.channel().await;
    sleep(Duration::from_millis(50)).await;
    running.shutdown.begin();
    running.closed().await;
}

#[tokio::test]
async fn those_who_stop_in_the_middle_do_not_hold_the_end_up() {
    const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    let settings = [PREFACE, &[0, 0, 0, 4, 0, 0, 0, 0, 0]].concat();
    let half_a_request = b"GET /metrics HTTP/1.1\r\nhost: x\r\n";
    let a_page = b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
    for (what, pages, said) in [
        ("half a preface", false, &PREFACE[..16]),
        ("settings, and no answer to ours", false, &settings),
        ("half a request", true, half_a_request),
        ("a page, and nothing more", true, a_page),
    ] {
        let running = Running::start(Duration::from_secs(60)).await;
        let address = if pages { running.config.http } else { running.config.grpc };
        let mut silent = TcpStream::connect(address).await.unwrap();
        silent.write_all(said).await.unwrap();
        sleep(Duration::from_millis(50)).await;
        let begun = Instant::now();
        running.shutdown.begin();
        running.closed().await;
        assert!(begun.elapsed() < Duration::from_secs(1), "{what}: {:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn an_answer_is_in_flight_until_its_last_byte_has_left() {
    let running = Running::start(Duration::from_secs(1)).await;
    // One byte at a time may be sent on each stream.
    let channel = Endpoint::from_shared(format!("http://{}", running.config.grpc)).unwrap();
    let channel = channel.initial_stream_window_size(1).connect().await.unwrap();
    let mut answers = Client::new(channel).scan(scan("one")).await.unwrap().into_inner();
    running.seen.wait(2).await;
    let begun = Instant::now();
    running.shutdown.begin();
    running.closed().await;
    assert!(begun.elapsed() >= Duration::from_secs(1), "the grace was granted: {:?}", begun.elapsed());
    assert!(answers.message().await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_says_nothing_is_closed() {
    let running = Running::start(Duration::from_secs(60)).await;
    let begun = Instant::now();
    let mut silent = TcpStream::connect(running.config.grpc).await.unwrap();
    // The server greets, and then waits for the client.
    let mut greeting = Vec::new();
    let closed = timeout(Duration::from_secs(60), silent.read_to_end(&mut greeting)).await;
    assert!(closed.expect("it is closed").unwrap() > 0);
    assert_eq!(begun.elapsed().as_secs(), 30);
    running.shutdown.begin();
    running.closed().await;
}
