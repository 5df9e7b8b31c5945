//! A server on real sockets: its pages, its standard services, and its end.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serve::{Config, Error, Probe, Rule, Server, Shutdown};
use tls::Tls;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};
use tonic::Code;
use tonic::transport::{Channel, Endpoint};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;

use tower::ServiceExt;

use crate::service::{Client, Seen, get, routes, scan};

const SERVICE: &str = "atoll.kv.v1.KeyValue";

/// A probe whose readiness a test sets.
struct Ready(AtomicBool);

impl Probe for Ready {
    fn ready(&self) -> Result<(), String> {
        if self.0.load(Ordering::Relaxed) { Ok(()) } else { Err("the engine has stopped".to_owned()) }
    }

    fn metrics(&self) -> Pin<Box<dyn Future<Output = String> + Send + '_>> {
        Box::pin(async { "requests_total 1\n# EOF\n".to_owned() })
    }
}

pub struct Running {
    pub shutdown: Shutdown,
    pub seen: Seen,
    ready: Arc<Ready>,
    pub config: Config,
    run: JoinHandle<Result<(), Error>>,
}

impl Running {
    async fn start(grace: Duration) -> Self {
        Self::with(grace, None).await
    }

    pub async fn with(grace: Duration, tls: Option<Tls>) -> Self {
        let any = ([127, 0, 0, 1], 0).into();
        let config = Config { grpc: any, http: any, tls, trust_network: false, grace };
        Self::guarded(config, |_, _| Ok(())).await
    }

    pub async fn guarded(config: Config, rule: Rule) -> Self {
        let server = Server::bind(config.clone()).await.unwrap();
        let config = Config { grpc: server.grpc(), http: server.http(), ..config };
        let (shutdown, seen) = (Shutdown::new(), Seen::default());
        let ready = Arc::new(Ready(AtomicBool::new(true)));
        let routes = serve::guard(routes(&seen, &shutdown), rule);
        let run = tokio::spawn(server.run(routes, ready.clone(), proto::DESCRIPTORS, shutdown.clone()));
        Self { shutdown, seen, ready, config, run }
    }

    async fn channel(&self) -> Channel {
        Endpoint::from_shared(format!("http://{}", self.config.grpc)).unwrap().connect().await.unwrap()
    }

    pub async fn page(&self, path: &str) -> String {
        self.page_as(path, "*/*").await
    }

    async fn page_as(&self, path: &str, accept: &str) -> String {
        let mut stream = TcpStream::connect(self.config.http).await.unwrap();
        let head = format!("host: replica\r\naccept: {accept}\r\nconnection: close");
        let request = format!("GET {path} HTTP/1.1\r\n{head}\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut page = String::new();
        stream.read_to_string(&mut page).await.unwrap();
        page
    }

    /// How many bytes are held for requests.
    async fn held(&self) -> usize {
        let page = self.page("/metrics").await;
        let name = "atoll_requests_held_bytes{port=\"grpc\"} ";
        page.lines().find_map(|line| line.strip_prefix(name)).unwrap().parse().unwrap()
    }

    pub async fn closed(self) {
        timeout(Duration::from_secs(5), self.run).await.expect("the server ends").unwrap().unwrap();
    }
}

#[tokio::test]
async fn the_pages() {
    let running = Running::start(Duration::from_secs(5)).await;
    let metrics = running.page("/metrics").await;
    assert!(metrics.starts_with("HTTP/1.1 200 OK\r\n"), "{metrics}");
    assert!(metrics.contains("content-type: application/openmetrics-text; version=1.0.0; charset=utf-8"));
    assert!(metrics.contains("requests_total 1\n") && metrics.ends_with("\n# EOF\n"), "{metrics}");
    assert!(metrics.contains("\natoll_connections{port=\"grpc\"} 0\n"), "{metrics}");
    assert!(metrics.contains("\natoll_connections{port=\"pages\"} 1\n"), "{metrics}");
    assert!(
        metrics.contains(&format!("\natoll_build_info{{version=\"{}\"}} 1\n", env!("CARGO_PKG_VERSION")))
    );
    let text = running.page_as("/metrics", "text/plain").await;
    assert!(text.contains("content-type: text/plain; version=0.0.4; charset=utf-8"), "{text}");
    assert!(text.contains("\n# TYPE atoll_connections_refused_total counter\n"), "{text}");
    assert!(running.page("/healthz").await.starts_with("HTTP/1.1 200 OK\r\n"));
    assert!(running.page("/readyz").await.starts_with("HTTP/1.1 200 OK\r\n"));
    assert!(running.page("/else").await.starts_with("HTTP/1.1 404 Not Found\r\n"));

    running.ready.0.store(false, Ordering::Relaxed);
    let page = running.page("/readyz").await;
    assert!(page.starts_with("HTTP/1.1 503 Service Unavailable\r\n"), "{page}");
    assert!(page.ends_with("not ready: the engine has stopped\n"), "{page}");
    assert!(running.page("/healthz").await.starts_with("HTTP/1.1 200 OK\r\n"));
    running.shutdown.begin();
    running.closed().await;
}

#[tokio::test]
async fn the_health_service_follows_the_probe_and_the_shutdown() {
    let running = Running::start(Duration::from_secs(5)).await;
    let mut health = HealthClient::new(running.channel().await);
    let request = |service: &str| HealthCheckRequest { service: service.to_owned() };
    for name in ["", SERVICE] {
        let answer = health.check(request(name)).await.unwrap().into_inner();
        assert_eq!(answer.status(), ServingStatus::Serving, "{name:?}");
    }
    assert_eq!(health.check(request("else")).await.unwrap_err().code(), Code::NotFound);

    let mut watch = health.watch(request("")).await.unwrap().into_inner();
    assert_eq!(watch.message().await.unwrap().unwrap().status(), ServingStatus::Serving);
    running.ready.0.store(false, Ordering::Relaxed);
    assert_eq!(watch.message().await.unwrap().unwrap().status(), ServingStatus::NotServing);
    running.ready.0.store(true, Ordering::Relaxed);
    assert_eq!(watch.message().await.unwrap().unwrap().status(), ServingStatus::Serving);

    // A request in flight keeps the server draining, so its health can be asked.
    let mut client = Client::new(running.channel().await);
    let mut answers = client.scan(scan("many")).await.unwrap().into_inner();
    assert!(answers.message().await.unwrap().is_some());
    running.shutdown.begin();
    let answer = health.check(request(SERVICE)).await.unwrap().into_inner();
    assert_eq!(answer.status(), ServingStatus::NotServing);
    let page = running.page("/readyz").await;
    assert!(page.ends_with("not ready: shutting down\n"), "{page}");
    assert_eq!(watch.message().await.unwrap().unwrap().status(), ServingStatus::NotServing);
    assert!(watch.message().await.unwrap().is_none(), "a watch ends with the shutdown");
    drop(answers);
    running.closed().await;
}

#[tokio::test]
async fn reflection_knows_the_services() {
    let running = Running::start(Duration::from_secs(5)).await;
    let mut reflection = ServerReflectionClient::new(running.channel().await);
    let message_request = Some(MessageRequest::ListServices(String::new()));
    let request = ServerReflectionRequest { host: String::new(), message_request };
    let answers = reflection.server_reflection_info(tokio_stream::once(request)).await.unwrap();
    let answer = answers.into_inner().message().await.unwrap().unwrap().message_response.unwrap();
    let MessageResponse::ListServicesResponse(services) = answer else { panic!("{answer:?}") };
    let names: Vec<_> = services.service.into_iter().map(|service| service.name).collect();
    assert!(names.iter().any(|name| name == SERVICE), "{names:?}");
    assert!(names.iter().any(|name| name == "grpc.health.v1.Health"), "{names:?}");
    running.shutdown.begin();
    running.closed().await;
}

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

#[tokio::test]
async fn what_is_no_grpc_is_told_so_in_http() {
    let running = Running::start(Duration::from_secs(5)).await;
    let channel = running.channel().await;
    let ask = async |method: &str, content: &str| {
        let request = axum::http::Request::builder().method(method).uri("/atoll.kv.v1.KeyValue/Get");
        let request = request.header("content-type", content).body(tonic::body::Body::empty()).unwrap();
        channel.clone().oneshot(request).await.unwrap().status().as_u16()
    };
    assert_eq!(ask("POST", "text/html").await, 415);
    assert_eq!(ask("GET", "application/grpc").await, 405);
    assert_eq!(ask("POST", "application/grpc+proto").await, 200);
    running.shutdown.begin();
    running.closed().await;
}

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

#[tokio::test]
async fn an_address_in_use_is_named() {
    let running = Running::start(Duration::from_secs(5)).await;
    let error = Server::bind(running.config.clone()).await.unwrap_err();
    let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
    let error = error.to_string();
    assert!(error.starts_with(&format!("cannot listen on {};", running.config.grpc)), "{error}");
    assert!(cause.contains("in use"), "{cause}");
    running.shutdown.begin();
    running.closed().await;
}

#[tokio::test]
async fn descriptors_that_are_none_are_refused() {
    let any = ([127, 0, 0, 1], 0).into();
    let server =
        Server::bind(Config { grpc: any, http: any, tls: None, trust_network: false, grace: Duration::ZERO })
            .await
            .unwrap();
    let ready = Arc::new(Ready(AtomicBool::new(true)));
    let run = server.run(routes(&Seen::default(), &Shutdown::new()), ready, b"\xff", Shutdown::new());
    assert!(matches!(run.await, Err(Error::Descriptors(_))));
}
