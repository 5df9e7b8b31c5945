//! 2.3, 2.4, and pages: what waits for a reader is counted. Over real connections, since each has a budget.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use proto::kv::v1::batch_request::Write;
use proto::kv::v1::{BatchRequest, ListRequest, PutRequest, ScanRequest};
use rpc::kv::v1::key_value_client::KeyValueClient;
use serve::{Call, Config, Observe, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_stream::StreamExt;
use tonic::Code;
use tonic::transport::Endpoint;
use tracing::Span;

use crate::support::{Client, Node};

const OBJECT: usize = 1_000_000;

/// Nobody looks at the requests: what looks at them is an exercise of its own.
struct Nobody;

impl Observe for Nobody {
    fn begin(&self, _: &str, _: &str) -> Box<dyn Call> {
        Box::new(Self)
    }
}

impl Call for Nobody {
    fn span(&self) -> Span {
        Span::none()
    }

    fn end(self: Box<Self>, _: Code) {}
}

struct Served {
    node: Node,
    grpc: SocketAddr,
    http: SocketAddr,
}

impl Served {
    async fn start(objects: usize, size: usize) -> Self {
        let node = Node::start().await;
        node.fill(objects, size).await;
        let any = ([127, 0, 0, 1], 0).into();
        let grace = Duration::ZERO;
        let config = Config { grpc: any, http: any, tls: None, trust_network: false, grace };
        let server = Server::bind(config).await.unwrap();
        let (grpc, http) = (server.grpc(), server.http());
        let routes = serve::layers(node.handler_routes(), Arc::new(Nobody), node.shutdown.clone());
        let probe = Arc::new(node.service.clone());
        let run = server.run(routes, probe, proto::DESCRIPTORS, node.shutdown.clone());
        tokio::spawn(run);
        Self { node, grpc, http }
    }

    async fn client(&self) -> Client {
        let endpoint = Endpoint::from_shared(format!("http://{}", self.grpc)).unwrap();
        // What is in the client's own window has left the replica.
        let endpoint = endpoint.initial_stream_window_size(1 << 16).initial_connection_window_size(1 << 16);
        KeyValueClient::new(endpoint.connect().await.unwrap())
    }

    /// How many bytes are held for clients, as the metrics tell it, once that no longer changes.
    async fn held(&self) -> usize {
        let mut last = None;
        loop {
            let mut stream = TcpStream::connect(self.http).await.unwrap();
            let request = b"GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
            stream.write_all(request).await.unwrap();
            let mut page = String::new();
            stream.read_to_string(&mut page).await.unwrap();
            let name = "atoll_requests_held_bytes{port=\"grpc\"} ";
            let bytes = page.lines().find_map(|line| line.strip_prefix(name)).unwrap().parse().unwrap();
            if last.replace(bytes) == Some(bytes) {
                return bytes;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

#[tokio::test]
async fn ex_2_3_what_waits_for_its_reader_is_counted() {
    check::promise("All that is in memory for a client that does not read counts for its connection.");
    let served = Served::start(8, OBJECT).await;
    let mut client = served.client().await;
    let entries = client.scan(ScanRequest::default()).await.unwrap();
    let held = served.held().await;
    let reads = served.node.metrics(&["atoll_object_reads_total"]).await;
    let read: usize = reads.trim().rsplit_once(' ').unwrap().1.parse().unwrap();
    assert!(
        held >= read * OBJECT,
        "{read} objects of {OBJECT} bytes were read for a client that has read none, and {held} bytes are counted"
    );
    drop(entries);
    assert_eq!(served.held().await, 0, "bytes that are counted when the client has gone");
}

#[tokio::test]
async fn ex_2_3_a_page_is_counted_as_a_whole() {
    check::promise(
        "A page that was read for a client counts until its last object was sent, not object by object.",
    );
    let served = Served::start(200, 16_000).await;
    let mut client = served.client().await;
    let entries = client.scan(ScanRequest::default()).await.unwrap();
    let held = served.held().await;
    assert!(
        held >= 64 * 16_000,
        "64 objects of 16000 bytes were read for a client that reads nothing, and {held} bytes are counted"
    );
    drop(entries);
    assert_eq!(served.held().await, 0, "bytes that are counted when the client has gone");
}

#[tokio::test]
async fn ex_2_3_no_more_than_a_page_and_a_short_channel() {
    check::promise(
        "For a client that does not read, a page and 64 KiB of messages are in memory, and no more.",
    );
    let served = Served::start(1500, 1000).await;
    let entries = served.client().await.scan(ScanRequest::default()).await.unwrap();
    let held = served.held().await;
    assert!(
        held <= 260_000,
        "a page of 64 objects of 1000 bytes, 64 KiB of messages and what the connection has taken are about 210 kB, and {held} bytes are held"
    );
    drop(entries);
}

#[tokio::test]
async fn ex_2_3_each_page_is_counted_as_large_as_it_is() {
    check::promise("Each page counts, not only the first: small objects may be followed by large ones.");
    let served = Served::start(0, 0).await;
    for number in 0..64 {
        let key = store::Key::new("default", format!("a{number:02}")).unwrap();
        served.node.store.put(&key, "small").await.unwrap();
    }
    served.node.fill(8, OBJECT).await;
    let mut entries = served.client().await.scan(ScanRequest::default()).await.unwrap().into_inner();
    for _ in 0..64 {
        entries.message().await.unwrap().unwrap();
    }
    let held = served.held().await;
    let reads = served.node.metrics(&["atoll_object_reads_total"]).await;
    let large = reads.trim().rsplit_once(' ').unwrap().1.parse::<usize>().unwrap() - 64;
    assert!(
        held > (large + 1) * OBJECT,
        "{large} objects of {OBJECT} bytes wait as messages, the page of the last has two, and {held} bytes are counted"
    );
}

#[tokio::test]
async fn ex_2_3_who_does_not_read_is_refused_and_nobody_else() {
    check::promise("A client that reads none of its many scans is told so, and takes no memory from others.");
    let served = Served::start(8, OBJECT).await;
    let mut client = served.client().await;
    let rows = || served.node.store.engine().stats().rows_scanned;
    let before = rows();
    let mut unread = Vec::new();
    for _ in 0..60 {
        unread.push(client.scan(ScanRequest::default()).await.unwrap().into_inner());
    }
    // A stream waits a little for the others to give memory back.
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let held = served.held().await;
    assert!(held <= 64 << 20, "{held} bytes are held for one connection");
    let begun = (rows() - before) / 8;
    // A page may become two mebibytes.
    assert!(
        begun <= 32,
        "64 MiB are enough for 32 pages, and {begun} were read: each counts before it is read, as large as it may be"
    );
    let mut refused = 0;
    for entries in &mut unread {
        // Where nothing comes, the connection's window is full.
        match timeout(Duration::from_millis(10), entries.message()).await {
            Ok(Err(status)) if status.code() == Code::ResourceExhausted => refused += 1,
            Ok(Err(status)) => panic!("{status}"),
            Ok(Ok(_)) | Err(_) => {}
        }
    }
    assert!(refused > 0, "60 scans that nobody reads, and all are served");

    let mut entries = served.client().await.scan(ScanRequest::default()).await.unwrap().into_inner();
    for _ in 0..8 {
        entries.message().await.unwrap().unwrap();
    }
    drop((client, unread, entries));
    assert_eq!(served.held().await, 0, "bytes that are counted when all clients have gone");
}

#[tokio::test]
async fn ex_2_4_what_a_batch_gathers_is_counted() {
    check::promise("The writes of a batch that does not end count, though they are not on disk.");
    const GATHERED: usize = 1_000_000;
    let served = Served::start(0, OBJECT).await;
    let mut client = served.client().await;
    // One less than fills a group.
    let writes = (0..63).map(|id| {
        let put =
            PutRequest { key: vec![id as u8 + 1], value: vec![b'x'; GATHERED / 63], ..Default::default() };
        BatchRequest { id, write: Some(Write::Put(put)) }
    });
    let unended = tokio_stream::iter(writes).chain(tokio_stream::pending());
    let answer = tokio::spawn(async move { client.batch(unended).await });
    // Until all of it has arrived.
    tokio::time::sleep(Duration::from_millis(300)).await;
    let held = served.held().await;
    assert!(held >= GATHERED, "{GATHERED} bytes wait to be written, and {held} are counted");
    answer.abort();
    let _ = answer.await;
    assert_eq!(served.held().await, 0, "bytes that are counted when the client has gone");
}

#[tokio::test]
async fn no_page_is_read_that_there_is_no_memory_for() {
    check::promise("A client that asks for many pages at once and reads none has only some of them read.");
    let served = Served::start(8, OBJECT).await;
    let client = served.client().await;
    let mut asked = tokio::task::JoinSet::new();
    for _ in 0..200 {
        let mut client = client.clone();
        asked.spawn(async move { client.list(ListRequest::default()).await });
    }
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let reads = served.node.metrics(&["atoll_object_reads_total"]).await;
    let read: usize = reads.trim().rsplit_once(' ').unwrap().1.parse().unwrap();
    assert!(read <= 200, "{read} objects of {OBJECT} bytes were read for a client that reads nothing");
}
