//! Who is let through to a handler.

use std::time::Duration;

use serve::{Caller, Config};
use tls::{Files, Tls};
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Status};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

use crate::certificates::Ca;
use crate::running::Running;
use crate::service::{Client, get};

/// Lets operators and trusted callers get; says who the others are.
fn rule(caller: &Caller, method: &str) -> Result<(), Status> {
    match caller {
        Caller::Certified(tls::Holder::Operator) | Caller::Trusted if method.ends_with("KeyValue/Get") => {
            Ok(())
        }
        _ => Err(Status::permission_denied(format!("{caller:?} calls {method}"))),
    }
}

fn config(tls: Option<Tls>) -> Config {
    let any = ([127, 0, 0, 1], 0).into();
    Config { grpc: any, http: any, tls, trust_network: false, grace: Duration::from_secs(1) }
}

async fn channel(running: &Running, files: Files) -> Channel {
    let endpoint = Endpoint::from_shared(format!("https://{}", running.config.grpc)).unwrap();
    Tls::load(files).unwrap().channel(&endpoint, None).await.unwrap()
}

#[tokio::test]
async fn the_certificate_says_who_calls() {
    let ca = Ca::new("fleet");
    let server = Tls::load(ca.files("server", "127.0.0.1")).unwrap();
    let running = Running::guarded(config(Some(server)), rule).await;
    let operator = channel(&running, ca.files_of("operator", "o.test", &["atoll://operator"])).await;
    Client::new(operator).get(get("apple")).await.expect("operators may");
    let client = channel(&running, ca.files_of("client", "c.test", &["atoll://client"])).await;
    let refused = Client::new(client.clone()).get(get("apple")).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
    assert_eq!(refused.message(), "Certified(Client) calls atoll.kv.v1.KeyValue/Get");
    assert_eq!(
        running.seen.lines(),
        ["atoll.kv.v1.KeyValue/Get r began", "r Ok"],
        "the handler heard of one"
    );
    HealthClient::new(client).check(HealthCheckRequest::default()).await.expect("anybody may ask for health");
    running.shutdown.begin();
    running.closed().await;
}

#[tokio::test]
async fn a_loopback_port_trusts_its_callers() {
    let running = Running::guarded(config(None), rule).await;
    let channel = Endpoint::from_shared(format!("http://{}", running.config.grpc)).unwrap().connect().await;
    Client::new(channel.unwrap()).get(get("apple")).await.expect("this machine may");
    running.shutdown.begin();
    running.closed().await;
}

#[test]
fn another_port_does_so_only_where_the_network_is_trusted() {
    let on = |grpc: &str, trust_network| {
        Config { grpc: grpc.parse().unwrap(), trust_network, ..config(None) }.plain_caller()
    };
    for loopback in ["127.0.0.1:0", "127.8.8.8:0", "[::1]:0"] {
        assert_eq!(on(loopback, false), Caller::Trusted, "{loopback}");
    }
    for reached in ["0.0.0.0:0", "[::]:0", "10.0.0.1:0", "[::ffff:127.0.0.1]:0"] {
        assert_eq!(on(reached, false), Caller::Anonymous, "{reached}");
        assert_eq!(on(reached, true), Caller::Trusted, "{reached}");
    }
}

#[tokio::test]
async fn who_is_not_known_is_anybody() {
    let router = serve::guard(tonic::service::Routes::default(), rule);
    let refused = net::raw(router, "/atoll.kv.v1.KeyValue/Get", b"").await;
    assert_eq!(refused.message(), "Anonymous calls atoll.kv.v1.KeyValue/Get");
}
