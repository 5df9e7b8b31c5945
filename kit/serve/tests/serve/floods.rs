//! Frames that ask for nothing, and clients that ask for much.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tonic::transport::Endpoint;

use crate::running::Running;
use crate::service::{Client, get};

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
