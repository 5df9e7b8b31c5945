//! 3.2: what two replicas check when they meet, and what operators ask. The handlers are given; they stand on
//! the table.

use std::fmt::Write as _;

use peers::{Peer, Peers};
use proto::peer::v1::{
    AddPeerRequest, GetPeersRequest, GetPeersResponse, PingRequest, PingResponse, RemovePeerRequest,
};
use rpc::peer::v1::peer_management_client::PeerManagementClient;
use tonic::Status;
use tonic::service::Routes;
use tonic::transport::Channel;

use crate::support::{entry, impostor, peer, quiet, show_entries, show_status, store};

async fn client(peers: &Peers) -> PeerManagementClient<Channel> {
    PeerManagementClient::new(net::connect(Routes::new(peers.server())).await)
}

fn show_ping(answer: Result<tonic::Response<PingResponse>, Status>) -> String {
    match answer {
        Ok(answer) => {
            let PingResponse { me, table, .. } = answer.into_inner();
            let known: Vec<_> = table.iter().map(|entry| entry.replica.to_string()).collect();
            format!("replica {} answers, and knows {}", me.unwrap_or_default().replica, known.join(" "))
        }
        Err(status) => show_status(&status),
    }
}

#[tokio::test]
async fn ex_3_2_whoever_calls_is_checked_first() {
    check::promise(
        "A ping of the wrong program, to the wrong replica, under a taken id or by a removed replica is refused.",
    );
    let us = Peers::open(store(1).await, peer(1, "us"), quiet(), no_dial()).await.unwrap();
    let mut client = client(&us).await;
    let ping = |from: &Peer| PingRequest {
        protocol: peers::PROTOCOL,
        from: Some(from.clone()),
        to: 1,
        table: vec![entry(Some(from.clone()), from.replica, (1, from.replica))],
        ..PingRequest::default()
    };
    let de = peer(2, "de");
    let mut story = String::new();
    for (words, request) in [
        ("replica 2 comes for the first time", ping(&de)),
        ("it comes again, and expects nobody in particular", PingRequest { to: 0, ..ping(&de) }),
        ("another directory comes with its id", ping(&impostor(&de, 0xcc))),
        ("another directory comes with the id of replica 1 itself", ping(&impostor(&peer(1, "us"), 0xcc))),
        ("it speaks a later protocol", PingRequest { protocol: 2, ..ping(&de) }),
        ("it means replica 3", PingRequest { to: 3, ..ping(&de) }),
        ("it does not say who it is", PingRequest { from: None, ..ping(&de) }),
        ("its id is 0", PingRequest { table: Vec::new(), ..ping(&Peer { replica: 0, ..de.clone() }) }),
    ] {
        writeln!(story, "{words}\n  {}", show_ping(client.ping(request).await)).unwrap();
    }
    let removed = client.remove_peer(RemovePeerRequest { replica: 2 }).await.unwrap().into_inner();
    let version = removed.version.unwrap();
    writeln!(story, "replica 2 is removed with {}@{}, and comes again", version.counter, version.replica)
        .unwrap();
    writeln!(story, "  {}", show_ping(client.ping(ping(&de)).await)).unwrap();
    write!(story, "the table\n{}", show_entries(us.table().entries().await.unwrap())).unwrap();
    check::snapshot!("hello", story);
}

#[tokio::test]
async fn ex_3_2_operators_list_add_and_remove() {
    check::promise(
        "The listing can be of one region, or of the network as a whole; what is added and removed is checked.",
    );
    let us = Peers::open(store(1).await, peer(1, "us"), quiet(), no_dial()).await.unwrap();
    let mut client = client(&us).await;
    let mut story = String::new();
    let without_directory = |replica, region| Peer { directory: Vec::new(), ..peer(replica, region) };
    for (words, peer) in [
        ("add 2", without_directory(2, "de")),
        ("add 3", peer(3, "sg")),
        ("add 4", without_directory(4, "de")),
        ("add 4 again", without_directory(4, "de")),
        ("add 3 with another directory", impostor(&peer(3, "sg"), 0xcc)),
        ("add 5 without a port", Peer { address: "http://nowhere".into(), ..peer(5, "de") }),
        ("add 5 without a scheme", Peer { address: "nowhere:4400".into(), ..peer(5, "de") }),
        ("add 0", peer(0, "de")),
    ] {
        let added = client.add_peer(AddPeerRequest { peer: Some(peer) }).await;
        let added = added.map(|answer| answer.into_inner().version.unwrap());
        let answer =
            added.map_or_else(|status| show_status(&status), |v| format!("{}@{}", v.counter, v.replica));
        writeln!(story, "{words}: {answer}").unwrap();
    }
    for replica in [4, 4, 9, 1, 0] {
        let removed = client.remove_peer(RemovePeerRequest { replica }).await;
        let removed = removed.map(|answer| answer.into_inner().version);
        let answer = removed.map_or_else(
            |status| show_status(&status),
            |version| version.map_or("nothing there".into(), |v| format!("{}@{}", v.counter, v.replica)),
        );
        writeln!(story, "remove {replica}: {answer}").unwrap();
    }
    let back = client.add_peer(AddPeerRequest { peer: Some(peer(4, "de")) }).await.unwrap_err();
    writeln!(story, "add 4 again: {}", show_status(&back)).unwrap();
    for (words, request) in [
        ("all", GetPeersRequest::default()),
        ("region sg", GetPeersRequest { region: "sg".into(), status_only: false }),
        ("region moon", GetPeersRequest { region: "moon".into(), status_only: false }),
        ("status only", GetPeersRequest { status_only: true, ..GetPeersRequest::default() }),
    ] {
        let listing = client.get_peers(request).await.unwrap().into_inner();
        write!(story, "list: {words}\n{}", show_listing(&listing)).unwrap();
    }
    check::snapshot!("operators", story);
}

/// The listing, without what changes with time.
fn show_listing(listing: &GetPeersResponse) -> String {
    let mut text = String::new();
    for status in &listing.peers {
        let peer = status.peer.clone().unwrap_or_default();
        let health = status.health().as_str_name().trim_start_matches("HEALTH_").to_lowercase();
        writeln!(text, "  {}  {}  {}  {health}", peer.replica, peer.region, peer.address).unwrap();
    }
    let network = listing.network.clone().unwrap_or_default();
    let regions: Vec<_> = network.regions.iter().map(|r| format!("{} {}", r.region, r.replicas)).collect();
    writeln!(text, "  {} replicas: {}", network.size, regions.join(", ")).unwrap();
    text
}

/// These replicas call nobody.
fn no_dial() -> std::sync::Arc<dyn peers::Dial> {
    std::sync::Arc::new(peers::TcpDial::new(None))
}
