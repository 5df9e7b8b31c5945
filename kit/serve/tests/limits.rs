//! What a whole process is held to: the server is this test again, in a process of its own under a low limit of
//! open files.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(unix)]

#[path = "../../tls/tests/tls/support.rs"]
mod certificates;
#[path = "serve/service.rs"]
#[allow(dead_code)]
mod service;

use std::fs::File;
use std::io::{BufRead, BufReader, Lines, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::pin::Pin;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use proto::kv::v1::{GetRequest, ListRequest};
use serve::{Config, Probe, Server, Shutdown};
use tls::{Files, Tls};
use tokio::time::sleep;
use tonic::transport::{Channel, Endpoint};

use certificates::Ca;
use service::{Client, Seen, ask, get, routes, scan};

/// Half of the files are the engine's, 56 are connections.
const LIMIT: usize = 256;

/// What clients and strangers may have of them, where they are told apart.
const CLIENTS: usize = 42;

/// A preface, and settings.
const HELLO: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

/// What a process may hold for requests.
const HELD: usize = 256 << 20;

/// What it takes besides: connections, and what the allocator keeps.
const BESIDES: usize = 64 << 20;

struct Ready;

impl Probe for Ready {
    fn ready(&self) -> Result<(), String> {
        Ok(())
    }

    fn metrics(&self) -> Pin<Box<dyn Future<Output = String> + Send + '_>> {
        Box::pin(async { "# EOF\n".to_owned() })
    }
}

/// A server in a process of its own.
struct Process {
    child: Child,
    said: Lines<BufReader<ChildStdout>>,
    orders: ChildStdin,
    grpc: SocketAddr,
    http: SocketAddr,
}

impl Process {
    fn start(tls: Option<&Files>) -> Self {
        let limited = format!("ulimit -S -n 64 && ulimit -H -n {LIMIT} && exec \"$0\" \"$@\"");
        let mut command = Command::new("sh");
        command.args(["-c", &limited]).arg(std::env::current_exe().unwrap());
        command.args(["a_server_under_a_low_limit", "--exact", "--ignored", "--nocapture"]);
        if let Some(Files { ca, certificate, key }) = tls {
            command.env("CA", ca).env("CERTIFICATE", certificate).env("KEY", key);
        }
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let orders = child.stdin.take().unwrap();
        let said = BufReader::new(child.stdout.take().unwrap()).lines();
        let any = ([127, 0, 0, 1], 0).into();
        let mut process = Self { child, said, orders, grpc: any, http: any };
        process.grpc = process.after("grpc on ").parse().unwrap();
        process.http = process.after("pages on ").parse().unwrap();
        process
    }

    /// What stands after this word in what it says next.
    fn after(&mut self, word: &str) -> String {
        let line = self.said.by_ref().map(Result::unwrap).find(|line| line.contains(word)).unwrap();
        line.split_once(word).unwrap().1.to_owned()
    }

    /// A number of its metrics.
    fn number(&self, name: &str) -> usize {
        let mut stream = TcpStream::connect(self.http).unwrap();
        stream.write_all(b"GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
        let mut page = String::new();
        stream.read_to_string(&mut page).unwrap();
        let value = page.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        value.trim().parse().unwrap()
    }

    fn end(self) {
        let Self { mut child, orders, .. } = self;
        drop(orders);
        assert!(child.wait().unwrap().success());
    }
}

#[tokio::test]
async fn strangers_take_no_file_from_the_engine_and_no_seat_from_who_is_at_work() {
    let mut server = Process::start(None);
    let endpoint = Endpoint::from_shared(format!("http://{}", server.grpc)).unwrap();
    let mut working = Client::new(endpoint.connect().await.unwrap());
    let mut answers = working.scan(scan("never")).await.unwrap().into_inner();
    assert!(answers.message().await.unwrap().is_some());

    let mut strangers = Vec::new();
    for _ in 0..2 * LIMIT {
        let mut stranger = TcpStream::connect(server.grpc).unwrap();
        stranger.write_all(HELLO).unwrap();
        strangers.push(stranger);
    }
    let mut newcomer = Client::new(endpoint.connect().await.unwrap());
    newcomer.get(get("apple")).await.expect("an idle stranger made room");
    working.get(get("apple")).await.expect("who is at work keeps its seat");

    server.orders.write_all(b"open files\n").unwrap();
    assert_eq!(server.after("opened "), (LIMIT / 2).to_string());
    server.end();
}

#[tokio::test]
async fn clients_at_work_keep_no_member_and_no_operator_out() {
    let ca = Ca::new("fleet");
    let server = Process::start(Some(&ca.files("server", "127.0.0.1")));
    let endpoint = Endpoint::from_shared(format!("https://{}", server.grpc)).unwrap();
    let come = async |uri: &str| -> Option<Client> {
        let tls = Tls::load(ca.files_of("caller", "caller.test", &[uri])).unwrap();
        Some(Client::new(tls.channel(&endpoint, None).await.ok()?))
    };
    let mut working = Vec::new();
    for _ in 0..CLIENTS {
        let mut client = come("atoll://client").await.unwrap();
        let mut answers = client.scan(scan("never")).await.unwrap().into_inner();
        assert!(answers.message().await.unwrap().is_some());
        working.push((client, answers));
    }
    for uri in ["atoll://replica/2", "atoll://operator"] {
        let mut other = come(uri).await.expect("there is a seat for it");
        other.get(get("apple")).await.unwrap_or_else(|status| panic!("{uri}: {status}"));
    }
    let late = match come("atoll://client").await {
        Some(mut late) => late.get(get("apple")).await.is_ok(),
        None => false,
    };
    assert!(!late, "there is no seat for one client more");
    assert!(server.number("atoll_connections_refused_total{port=\"grpc\"} ") > 0);
    server.end();
}

#[tokio::test]
async fn unread_answers_take_no_more_memory_than_the_process_may_hold() {
    let server = Process::start(None);
    let before = server.number("process_resident_memory_bytes ");
    let endpoint = Endpoint::from_shared(format!("http://{}", server.grpc)).unwrap();
    let endpoint = endpoint.initial_stream_window_size(65_535).initial_connection_window_size(65_535);
    let (get, list) = (
        GetRequest { key: b"large".to_vec(), ..GetRequest::default() },
        ListRequest { prefix: b"large".to_vec(), ..ListRequest::default() },
    );
    let mut unread = Vec::new();
    for _ in 0..8 {
        let channel: Channel = endpoint.connect().await.unwrap();
        // Where a connection was cut, the next one goes on.
        for _ in 0..50 {
            unread.push(ask(&channel, "Get", get.clone()).await);
            unread.push(ask(&channel, "List", list.clone()).await);
        }
        unread.push(ask(&channel, "Get", GetRequest::default()).await);
    }
    sleep(Duration::from_millis(100)).await;
    let more = server.number("process_resident_memory_bytes ") - before;
    let held = server.number("atoll_requests_held_bytes{port=\"grpc\"} ");
    assert!(held <= HELD, "{} MiB are held", held >> 20);
    assert!(more <= HELD + BESIDES, "800 MB of answers that nobody reads take {} MiB", more >> 20);
    drop(unread);
    server.end();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the tests above run it"]
async fn a_server_under_a_low_limit() {
    let any = ([127, 0, 0, 1], 0).into();
    let file = |name: &str| std::env::var_os(name).map(Into::into);
    let files = || Some(Files { ca: file("CA")?, certificate: file("CERTIFICATE")?, key: file("KEY")? });
    let tls = files().map(|files| Tls::load(files).unwrap());
    let grace = Duration::from_millis(100);
    let server =
        Server::bind(Config { grpc: any, http: any, tls, trust_network: false, grace }).await.unwrap();
    println!("grpc on {}", server.grpc());
    println!("pages on {}", server.http());
    let (seen, shutdown) = (Seen::default(), Shutdown::new());
    let routes = routes(&seen, &shutdown);
    let run = tokio::spawn(server.run(routes, Arc::new(Ready), proto::DESCRIPTORS, shutdown.clone()));
    let lines = tokio::task::spawn_blocking(|| {
        let mut lines = std::io::stdin().lines().map(Result::unwrap);
        if lines.next().is_some() {
            let files: Vec<_> = (0..LIMIT / 2).map_while(|_| File::open("/dev/null").ok()).collect();
            println!("opened {}", files.len());
            assert!(lines.next().is_none());
        }
    });
    lines.await.unwrap();
    shutdown.begin();
    run.await.unwrap().unwrap();
}
