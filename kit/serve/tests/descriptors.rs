//! More connections than a process may have files. The server is this test again, in a process of its own under
//! a low limit.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(unix)]

#[path = "serve/service.rs"]
#[allow(dead_code)]
mod service;

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::pin::Pin;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use serve::{Config, Probe, Server, Shutdown};
use tonic::transport::Endpoint;

use service::{Client, Seen, get, routes, scan};

/// Half of the files are the engine's.
const LIMIT: usize = 256;

/// A preface, and settings.
const HELLO: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

struct Ready;

impl Probe for Ready {
    fn ready(&self) -> Result<(), String> {
        Ok(())
    }

    fn metrics(&self) -> Pin<Box<dyn Future<Output = String> + Send + '_>> {
        Box::pin(async { "# EOF\n".to_owned() })
    }
}

#[tokio::test]
async fn strangers_take_no_file_from_the_engine_and_no_seat_from_who_is_at_work() {
    let limited = format!("ulimit -S -n 64 && ulimit -H -n {LIMIT} && exec \"$0\" \"$@\"");
    let mut server = Command::new("sh")
        .args(["-c", &limited])
        .arg(std::env::current_exe().unwrap())
        .args(["a_server_under_a_low_limit", "--exact", "--ignored", "--nocapture"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(server.stdout.take().unwrap()).lines();
    let mut after = |word: &str| {
        let line = said.by_ref().map(Result::unwrap).find(|line| line.contains(word)).unwrap();
        line.split_once(word).unwrap().1.to_owned()
    };
    let address: SocketAddr = after("serving on ").parse().unwrap();

    let endpoint = Endpoint::from_shared(format!("http://{address}")).unwrap();
    let mut working = Client::new(endpoint.connect().await.unwrap());
    let mut answers = working.scan(scan("never")).await.unwrap().into_inner();
    assert!(answers.message().await.unwrap().is_some());

    let mut strangers = Vec::new();
    for _ in 0..2 * LIMIT {
        let mut stranger = TcpStream::connect(address).unwrap();
        stranger.write_all(HELLO).unwrap();
        strangers.push(stranger);
    }
    let mut newcomer = Client::new(endpoint.connect().await.unwrap());
    newcomer.get(get("apple")).await.expect("an idle stranger made room");
    working.get(get("apple")).await.expect("who is at work keeps its seat");

    let mut orders = server.stdin.take().unwrap();
    orders.write_all(b"open files\n").unwrap();
    assert_eq!(after("opened "), (LIMIT / 2).to_string());
    drop(orders);
    assert!(server.wait().unwrap().success());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the test above runs it"]
async fn a_server_under_a_low_limit() {
    let any = ([127, 0, 0, 1], 0).into();
    let grace = Duration::from_millis(100);
    let config = Config { grpc: any, http: any, tls: None, trust_network: false, grace };
    let server = Server::bind(config).await.unwrap();
    println!("serving on {}", server.grpc());
    let (seen, shutdown) = (Seen::default(), Shutdown::new());
    let routes = routes(&seen, &shutdown);
    let run = tokio::spawn(server.run(routes, Arc::new(Ready), proto::DESCRIPTORS, shutdown.clone()));
    let mut lines = std::io::stdin().lines();
    lines.next().unwrap().unwrap();
    let files: Vec<_> = (0..LIMIT / 2).map_while(|_| File::open("/dev/null").ok()).collect();
    println!("opened {}", files.len());
    assert!(lines.next().is_none());
    shutdown.begin();
    run.await.unwrap().unwrap();
}
