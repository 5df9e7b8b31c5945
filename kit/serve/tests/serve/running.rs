//! A server on real sockets, as the tests run it.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serve::{Config, Error, Probe, Rule, Server, Shutdown};
use tls::Tls;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tonic::transport::{Channel, Endpoint};

use crate::service::{Seen, routes};

/// A probe whose readiness a test sets.
pub struct Ready(pub AtomicBool);

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
    pub ready: Arc<Ready>,
    pub config: Config,
    run: JoinHandle<Result<(), Error>>,
}

impl Running {
    pub async fn start(grace: Duration) -> Self {
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

    pub async fn channel(&self) -> Channel {
        Endpoint::from_shared(format!("http://{}", self.config.grpc)).unwrap().connect().await.unwrap()
    }

    pub async fn page(&self, path: &str) -> String {
        self.page_as(path, "*/*").await
    }

    pub async fn page_as(&self, path: &str, accept: &str) -> String {
        let mut stream = TcpStream::connect(self.config.http).await.unwrap();
        let head = format!("host: replica\r\naccept: {accept}\r\nconnection: close");
        let request = format!("GET {path} HTTP/1.1\r\n{head}\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut page = String::new();
        stream.read_to_string(&mut page).await.unwrap();
        page
    }

    /// How many bytes are held for requests.
    pub async fn held(&self) -> usize {
        let page = self.page("/metrics").await;
        let name = "atoll_requests_held_bytes{port=\"grpc\"} ";
        page.lines().find_map(|line| line.strip_prefix(name)).unwrap().parse().unwrap()
    }

    pub async fn closed(self) {
        timeout(Duration::from_secs(5), self.run).await.expect("the server ends").unwrap().unwrap();
    }
}
