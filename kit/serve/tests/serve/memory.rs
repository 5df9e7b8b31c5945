//! What clients ask and do not read counts in bytes, whichever method it is.

use std::time::Duration;

use proto::kv::v1::batch_request::Write;
use proto::kv::v1::session_request::Access;
use proto::kv::v1::{BatchRequest, GetRequest, ListRequest, PutRequest, ScanRequest, SessionRequest};
use tokio::time::sleep;
use tonic::transport::{Channel, Endpoint};
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;

use crate::running::Running;
use crate::service::{Client, LARGE, Unread, ask};

const SERVICE: &str = "atoll.kv.v1.KeyValue";

/// Strangers may ask the standard services.
#[tokio::test]
async fn what_strangers_ask_is_small_and_what_they_do_not_read_is_counted() {
    let running = Running::start(Duration::from_secs(5)).await;
    let request = |message| ServerReflectionRequest { host: String::new(), message_request: Some(message) };
    let long = request(MessageRequest::FileContainingSymbol("x".repeat(10_000)));
    let mut reflection = ServerReflectionClient::new(running.channel().await);
    let mut answers = reflection.server_reflection_info(tokio_stream::once(long)).await.unwrap().into_inner();
    assert_eq!(answers.message().await.unwrap(), None, "it is not read, and the stream ends");

    let channel = Endpoint::from_shared(format!("http://{}", running.config.grpc)).unwrap();
    let channel = channel.initial_stream_window_size(1).connect().await.unwrap();
    let asked = std::iter::repeat_n(request(MessageRequest::FileContainingSymbol(SERVICE.to_owned())), 10);
    let unread = ServerReflectionClient::new(channel).server_reflection_info(tokio_stream::iter(asked)).await;
    sleep(Duration::from_millis(100)).await;
    let held = running.held().await;
    assert!(held > 1000, "{held} bytes are counted");
    drop(unread);
    running.shutdown.begin();
    running.closed().await;
}

#[tokio::test]
async fn a_request_counts_though_nothing_is_said_in_it() {
    let running = Running::start(Duration::from_millis(100)).await;
    let mut client = Client::new(running.channel().await);
    let mut silent = Vec::new();
    for _ in 0..10 {
        let (says, said) = tokio::sync::mpsc::channel(1);
        let answers = client.session(tokio_stream::wrappers::ReceiverStream::new(said)).await.unwrap();
        silent.push((says, answers));
    }
    let held = running.held().await;
    assert!(held >= 10 * 16 * 1024, "{held} bytes are counted");
    drop((client, silent));
    sleep(Duration::from_millis(100)).await;
    assert_eq!(running.held().await, 0);
    running.shutdown.begin();
    running.closed().await;
}

/// A channel whose windows are small: what is in the client's own memory has left the server.
async fn narrow(running: &Running) -> Channel {
    let endpoint = Endpoint::from_shared(format!("http://{}", running.config.grpc)).unwrap();
    let endpoint = endpoint.initial_stream_window_size(65_535).initial_connection_window_size(65_535);
    endpoint.connect().await.unwrap()
}

async fn ask_for_much(channel: &Channel, method: &str) -> Unread {
    let (key, prefix) = (b"large".to_vec(), b"large".to_vec());
    let get = GetRequest { key: key.clone(), ..GetRequest::default() };
    match method {
        "Get" => ask(channel, method, get).await,
        "List" => ask(channel, method, ListRequest { prefix, ..ListRequest::default() }).await,
        "Scan" => ask(channel, method, ScanRequest { prefix, ..ScanRequest::default() }).await,
        "Session" => ask(channel, method, SessionRequest { id: 1, access: Some(Access::Get(get)) }).await,
        _ => {
            let put = PutRequest { key, ..PutRequest::default() };
            ask(channel, "Batch", BatchRequest { id: 1, write: Some(Write::Put(put)) }).await
        }
    }
}

/// It relies on hyper, which takes the first bytes of an answer as soon as the handler has returned, also where the
/// client has no room for them. If it did not, they would wait where nobody counts them.
#[tokio::test]
async fn an_answer_counts_while_nobody_reads_it() {
    const UNREAD: usize = 20;
    let running = Running::start(Duration::from_millis(100)).await;
    for method in ["Get", "List", "Batch", "Scan", "Session"] {
        let channel = narrow(&running).await;
        let mut unread = Vec::new();
        for _ in 0..UNREAD {
            unread.push(ask_for_much(&channel, method).await);
        }
        let held = running.held().await;
        assert!(held >= UNREAD * LARGE, "{UNREAD} unread answers to {method} count as {held} bytes");
        drop((unread, channel));
        sleep(Duration::from_millis(100)).await;
        assert_eq!(running.held().await, 0, "{method}");
    }
    running.shutdown.begin();
    running.closed().await;
}

#[tokio::test]
async fn a_connection_has_no_more_unread_answers_than_it_has_memory_for() {
    let running = Running::start(Duration::from_millis(100)).await;
    let channel = narrow(&running).await;
    let mut unread = Vec::new();
    for _ in 0..70 {
        unread.push(ask_for_much(&channel, "List").await);
    }
    let held = running.held().await;
    assert!(held <= 64 << 20, "{held} bytes are held for one connection");
    drop((unread, channel));
    running.shutdown.begin();
    running.closed().await;
}
