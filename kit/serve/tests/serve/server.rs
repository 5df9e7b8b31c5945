//! The pages and the standard services of a server, and what it refuses to start with.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serve::{Config, Error, Server, Shutdown};
use tonic::Code;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;
use tower::ServiceExt;

use crate::running::{Ready, Running};
use crate::service::{Client, Seen, routes, scan};

const SERVICE: &str = "atoll.kv.v1.KeyValue";

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
