//! A server within TLS: who is let in, and who holds nothing up.

use std::time::Duration;

use tls::Tls;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tonic::transport::{Channel, Endpoint};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use crate::certificates::Ca;
use crate::running::Running;
use crate::service::{Client, get, scan};

const GRACE: Duration = Duration::from_secs(60);

/// As many as have their handshake at a time.
const HANDSHAKES: usize = 512;

async fn start(ca: &Ca) -> Running {
    Running::with(GRACE, Some(Tls::load(ca.files("server", "127.0.0.1")).unwrap())).await
}

fn endpoint(running: &Running) -> Endpoint {
    Endpoint::from_shared(format!("https://{}", running.config.grpc)).unwrap()
}

async fn channel(running: &Running, ca: &Ca) -> Result<Channel, tonic::transport::Error> {
    let client = Tls::load(ca.files("client", "client.test")).unwrap();
    client.channel(&endpoint(running), None).await
}

#[tokio::test]
async fn grpc_is_within_tls_and_the_pages_are_not() {
    let ca = Ca::new("fleet");
    let running = start(&ca).await;
    let channel = channel(&running, &ca).await.unwrap();
    let mut health = HealthClient::new(channel.clone());
    let answer = health.check(HealthCheckRequest::default()).await.unwrap().into_inner();
    assert_eq!(answer.status(), ServingStatus::Serving);
    let mut client = Client::new(channel);
    client.get(get("apple")).await.unwrap();
    let mut answers = client.scan(scan("one")).await.unwrap().into_inner();
    assert!(answers.message().await.unwrap().is_some());
    assert!(answers.message().await.unwrap().is_none());
    assert!(running.page("/readyz").await.starts_with("HTTP/1.1 200 OK\r\n"));
    running.shutdown.begin();
    running.closed().await;
}

#[tokio::test]
async fn a_stranger_is_refused_and_knows_why() {
    let (ca, other) = (Ca::new("fleet"), Ca::new("other"));
    let running = start(&ca).await;
    let mut files = other.files("client", "client.test");
    files.ca = ca.folder().join("ca.pem");
    let error = Tls::load(files).unwrap().channel(&endpoint(&running), None).await.unwrap_err();
    let causes = std::iter::successors(Some(&error as &dyn std::error::Error), |error| error.source());
    let refused = causes.filter_map(|error| error.downcast_ref::<tls::Error>()).next().unwrap();
    assert!(refused.to_string().contains("another CA signed it"), "{refused}");

    // Without TLS there is no answer, and nothing is held.
    let plain = Endpoint::from_shared(format!("http://{}", running.config.grpc)).unwrap();
    if let Ok(channel) = plain.connect().await {
        assert!(Client::new(channel).get(get("apple")).await.is_err());
    }
    running.shutdown.begin();
    running.closed().await;
}

#[tokio::test]
async fn silent_clients_keep_nobody_out() {
    let ca = Ca::new("fleet");
    let running = start(&ca).await;
    let mut silent = Vec::new();
    for _ in 0..HANDSHAKES + 10 {
        silent.push(TcpStream::connect(running.config.grpc).await.unwrap());
    }
    let late = timeout(Duration::from_secs(3), channel(&running, &ca));
    Client::new(late.await.expect("it has its turn at once").unwrap()).get(get("apple")).await.unwrap();
    // The first of them made room.
    let mut nothing = Vec::new();
    let closed = timeout(Duration::from_secs(1), silent[0].read_to_end(&mut nothing));
    assert_eq!(closed.await.expect("it is closed").unwrap(), 0);
    running.shutdown.begin();
    running.closed().await;
}

#[tokio::test]
async fn those_who_say_nothing_after_the_handshake_do_not_hold_the_end_up() {
    let ca = Ca::new("fleet");
    let running = start(&ca).await;
    let tls = Tls::load(ca.files("client", "client.test")).unwrap();
    let stream = TcpStream::connect(running.config.grpc).await.unwrap();
    let _silent = tls.connect("127.0.0.1", stream).await.expect("the server speaks first");
    let _in_handshake = TcpStream::connect(running.config.grpc).await.unwrap();
    sleep(Duration::from_millis(20)).await;
    running.shutdown.begin();
    running.closed().await;
}
