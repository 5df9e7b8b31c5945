//! Replicas within TLS, on real sockets. It is beside the solution, since the checks of the chapter build no
//! certificates.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../../../kit/tls/tests/tls/support.rs"]
mod certificates;

use std::time::Duration;

use certificates::Ca;
use clap::Parser;
use peers::{Dial, Error, Node, Options, Peer, TcpDial};
use proto::peer::v1::{AddPeerRequest, GetPeersRequest, PingRequest, RemovePeerRequest};
use rpc::peer::v1::peer_management_client::PeerManagementClient;
use tempfile::TempDir;
use tls::{Files, Tls};
use tonic::Code;
use tonic::transport::Channel;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    options: Options,
}

/// What replica `id` is started with.
fn options(data: &TempDir, id: u64, files: &Files, more: &[&str]) -> Options {
    let path = |path: &std::path::Path| path.display().to_string();
    let mut line: Vec<_> = ["replica", "--grpc=127.0.0.1:0", "--http=127.0.0.1:0", "--ping-interval=0.1"]
        .map(str::to_owned)
        .to_vec();
    line.extend([format!("--replica={id}"), format!("--tls-ca={}", path(&files.ca))]);
    line.push(format!("--tls-cert={}", path(&files.certificate)));
    line.push(format!("--tls-key={}", path(&files.key)));
    line.extend(more.iter().map(|&option| option.to_owned()));
    line.push(path(&data.path().join(id.to_string())));
    Line::parse_from(line).options
}

fn uri(id: u64) -> String {
    format!("atoll://replica/{id}")
}

/// Somebody with the URI `uri` calls `peer`.
async fn client(ca: &Ca, peer: &Peer, uri: &str) -> Result<PeerManagementClient<Channel>, Error> {
    let tls = Tls::load(ca.files_of("caller", "caller.test", &[uri])).unwrap();
    Ok(PeerManagementClient::new(TcpDial::new(Some(tls)).dial(peer).await?))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fleet_within_tls_knows_who_is_who() {
    let (ca, data) = (Ca::new("fleet"), TempDir::new().unwrap());
    let files = |id: u64| ca.files_of(&format!("replica-{id}"), "127.0.0.1", &[&uri(id)]);
    let us = Node::open(&options(&data, 1, &files(1), &[]), Vec::new(), |_| {}).await.unwrap();
    let page = serve::Probe::metrics(&us.service).await;
    let expires =
        page.lines().find(|line| line.starts_with("atoll_tls_certificate_expires_timestamp_seconds "));
    let expires: u64 = expires.unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    // In 4096, as certificates end of whose end nobody has thought.
    assert_eq!(expires / 31_556_952 + 1970, 4096);
    let (us_peers, us_shutdown, us_peer) = (us.peers.clone(), us.shutdown.clone(), us.peers.me().clone());
    let us = tokio::spawn(us.run(|routes| routes, async {}));
    let seed = format!("--seeds={}", us_peer.address);
    let de = Node::open(&options(&data, 2, &files(2), &[&seed]), Vec::new(), |_| {}).await.unwrap();
    let (de_peers, de_shutdown) = (de.peers.clone(), de.shutdown.clone());
    let de = tokio::spawn(de.run(|routes| routes, async {}));
    let met = async {
        while us_peers.others().await.unwrap().is_empty() || de_peers.others().await.unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), met).await.expect("they meet");

    let mut operator = client(&ca, &us_peer, "atoll://operator").await.unwrap();
    operator.remove_peer(RemovePeerRequest { replica: 9 }).await.unwrap();
    let peer = Some(Peer { replica: 9, address: "http://127.0.0.1:4409".into(), ..Peer::default() });
    let refused = operator.add_peer(AddPeerRequest { peer }).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    assert!(refused.message().contains("it is without TLS, and this replica has certificates"), "{refused}");
    let mut client_ = client(&ca, &us_peer, "atoll://client").await.unwrap();
    client_.get_peers(GetPeersRequest::default()).await.unwrap();
    let refused = client_.remove_peer(RemovePeerRequest { replica: 2 }).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
    let mut third = client(&ca, &us_peer, &uri(3)).await.unwrap();
    let claim =
        PingRequest { protocol: 1, from: Some(de_peers.me().clone()), to: 1, ..PingRequest::default() };
    let refused = third.ping(claim).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
    assert!(
        refused.message().starts_with("the caller says that it is replica 2, and shows atoll://replica/3;")
    );

    // The address of replica 1 under the id of replica 2: an entry that is wrong, or a machine that was given on.
    let wrong = Peer { replica: 2, ..us_peer.clone() };
    let Err(Error::Unreachable { reason, .. }) = client(&ca, &wrong, &uri(3)).await else {
        panic!("replica 1 is taken for replica 2");
    };
    assert!(
        reason.contains("to show the certificate atoll://replica/2, and shows atoll://replica/1"),
        "{reason}"
    );

    us_shutdown.begin();
    de_shutdown.begin();
    us.await.unwrap().unwrap();
    de.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_replica_with_the_certificate_of_another_does_not_start() {
    let (ca, data) = (Ca::new("fleet"), TempDir::new().unwrap());
    for uri in ["atoll://replica/3", "atoll://operator", "https://example.test/"] {
        let files = ca.files_of("wrong", "127.0.0.1", &[uri]);
        let Err(error) = Node::open(&options(&data, 2, &files, &[]), Vec::new(), |_| {}).await else {
            panic!("it starts with {uri}");
        };
        let error = error.to_string();
        assert!(error.starts_with("this is replica 2, and the certificate "), "{error}");
        assert!(error.ends_with("; give it a certificate with the URI atoll://replica/2"), "{error}");
    }
}

#[tokio::test]
async fn an_address_without_tls_is_refused_within_it_at_the_start() {
    let ca = Ca::new("fleet");
    let files = ca.files_of("replica-2", "127.0.0.1", &[&uri(2)]);
    for wrong in ["--seeds=http://127.0.0.1:1", "--advertise=http://127.0.0.1:1"] {
        let data = TempDir::new().unwrap();
        let Err(error) = Node::open(&options(&data, 2, &files, &[wrong]), Vec::new(), |_| {}).await else {
            panic!("it starts with {wrong}");
        };
        let error = error.to_string();
        assert!(error.contains("it is without TLS, and this replica has certificates"), "{error}");
        // What the error says to write instead.
        let right = wrong.replace("http://", "https://");
        Node::open(&options(&data, 2, &files, &[&right]), Vec::new(), |_| {}).await.unwrap();
    }
}
