//! Frames that ask for nothing, and clients that ask for much.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use tonic::transport::Endpoint;

use crate::running::Running;
use crate::service::{Client, LARGE, get, scan};

/// A preface, and settings.
const HELLO: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

fn frame(kind: u8, payload: &[u8]) -> Vec<u8> {
    [&[0, 0, payload.len() as u8, kind, 0, 0, 0, 0, 0], payload].concat()
}

#[tokio::test]
async fn a_flood_of_frames_that_ask_for_nothing_ends_its_connection() {
    let running = Running::with(Duration::from_secs(5), None).await;
    for (what, one) in [
        ("ping", frame(6, b"12345678")),
        ("settings", frame(4, &[0, 4, 0, 0, 0xff, 0xff])),
        ("an unknown kind", frame(0xee, &[b'x'; 200])),
    ] {
        let (mut answers, mut flood) = TcpStream::connect(running.config.grpc).await.unwrap().into_split();
        // It reads what is answered, so that nothing but the flood is wrong with it.
        let reading =
            tokio::spawn(
                async move { while answers.read(&mut [0; 65536]).await.is_ok_and(|read| read > 0) {} },
            );
        flood.write_all(HELLO).await.unwrap();
        let batch = one.repeat(500);
        let sent = async {
            let mut sent = 0;
            while sent < 64 << 20 && flood.write_all(&batch).await.is_ok() {
                sent += batch.len();
            }
            sent
        };
        let sent = timeout(Duration::from_secs(20), sent).await.expect("the connection is ended");
        assert!(sent < 64 << 20, "{what}: {sent} bytes were taken");
        reading.abort();
    }
    running.shutdown.begin();
    running.closed().await;
}

/// Tells how fast it was: with more calls, and more updates of windows, than the credit of a connection has room for.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes a minute: run it when what is paid for changes"]
async fn honest_clients_are_not_cut_however_fast_they_are() {
    const CALLS: usize = 50_000;
    let running = Running::with(Duration::from_secs(5), None).await;
    let endpoint = Endpoint::from_shared(format!("http://{}", running.config.grpc)).unwrap();
    let client = Client::new(endpoint.connect().await.unwrap());
    let (begun, mut each) = (Instant::now(), tokio::task::JoinSet::new());
    for _ in 0..64 {
        let mut client = client.clone();
        each.spawn(async move {
            for _ in 0..CALLS / 64 {
                client.get(get(&"k".repeat(100))).await.unwrap();
            }
        });
    }
    while let Some(each) = each.join_next().await {
        each.unwrap();
    }
    eprintln!("{:.0} calls a second", CALLS as f64 / begun.elapsed().as_secs_f64());

    let narrow = endpoint.initial_stream_window_size(64).initial_connection_window_size(65_535);
    let (begun, mut read) = (Instant::now(), 0);
    let mut client = Client::new(narrow.connect().await.unwrap()).max_decoding_message_size(2 * LARGE);
    for _ in 0..2 {
        let mut answers = client.scan(scan("large")).await.unwrap().into_inner();
        while let Some(answer) = answers.message().await.unwrap() {
            read += answer.entry.unwrap().value.unwrap().len();
        }
    }
    eprintln!("{} updates of a window in {:?}", read / 32, begun.elapsed());
    running.shutdown.begin();
    running.closed().await;
}

#[tokio::test]
async fn who_asks_for_much_is_no_flood() {
    let running = Running::with(Duration::from_secs(5), None).await;
    let endpoint = Endpoint::from_shared(format!("http://{}", running.config.grpc)).unwrap();
    let client = Client::new(endpoint.connect().await.unwrap());
    let mut each = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let mut client = client.clone();
        each.spawn(async move {
            for _ in 0..100 {
                // About as much as the service of the tests reads.
                client.get(get(&"k".repeat(900))).await.unwrap();
            }
        });
    }
    // Five megabytes of requests on one connection: more than the credit.
    while let Some(each) = each.join_next().await {
        each.unwrap();
    }
    running.shutdown.begin();
    running.closed().await;
}
