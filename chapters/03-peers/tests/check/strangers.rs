//! What somebody may tell who does not belong to the fleet, and how much anybody may. The rules are given; what
//! is let in is merged, by the code of 3.2.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use peers::{Error, Peer, Peers, TcpDial, Teller};
use prost::Message as _;
use proto::peer::v1::{AddPeerRequest, PeerEntry, PingRequest, RemovePeerRequest};
use rpc::peer::v1::peer_management_client::PeerManagementClient;
use serve::Caller;
use service::Metrics;
use store::{Key, ReplicaId, Store};
use tls::Holder;
use tonic::Status;
use tonic::service::Routes;
use tonic::transport::Channel;

use crate::network::Fleet;
use crate::support::{entry, peer, quiet, show_entries, show_merged, show_status, store, table};

/// Replica 1, which knows replica 2.
async fn us() -> (Store, Peers) {
    let (store, dial) = (store(1).await, Arc::new(TcpDial::new(None)));
    let us = Peers::open(store.clone(), peer(1, "us"), quiet(), dial).await.unwrap();
    us.table().add(peer(2, "de")).await.unwrap();
    (store, us)
}

async fn client(peers: &Peers, caller: Caller) -> PeerManagementClient<Channel> {
    let routes = serve::guard(Routes::new(peers.server()), peers::Role::rule);
    PeerManagementClient::new(net::connect_as(caller, routes).await)
}

fn ping(from: u64, table: Vec<PeerEntry>) -> PingRequest {
    PingRequest {
        protocol: peers::PROTOCOL,
        from: Some(peer(from, "sg")),
        to: 1,
        table,
        ..PingRequest::default()
    }
}

/// So many members that nobody has seen.
fn invented(ids: std::ops::Range<u64>) -> Vec<PeerEntry> {
    ids.map(|id| entry(Some(peer(id, "moon")), id, (5, id))).collect()
}

#[tokio::test]
async fn ex_3_2_a_newcomer_speaks_for_itself_alone() {
    check::promise(
        "Who is not in the table may say where it is. What it says of others is not taken in: a removal is for good.",
    );
    let (store, us) = us().await;
    let mut story = String::new();
    let removal = || entry(None, 2, (90, 7));
    let newcomer = || entry(Some(peer(7, "sg")), 7, (4, 7));
    for (words, caller, request) in [
        ("a client removes replica 2", Caller::Certified(Holder::Client), ping(7, vec![removal()])),
        ("replica 7 removes replica 2", Caller::Certified(Holder::Replica(7)), ping(7, vec![removal()])),
        ("it claims to be replica 2", Caller::Certified(Holder::Replica(7)), ping(2, vec![removal()])),
        ("it removes itself", Caller::Trusted, ping(7, vec![entry(None, 7, (90, 7))])),
        ("it comes with 900 others", Caller::Trusted, ping(7, invented(100..1000))),
        ("it says where it is", Caller::Certified(Holder::Replica(7)), ping(7, vec![newcomer(), removal()])),
    ] {
        let answer = client(&us, caller).await.ping(request).await;
        let answer = answer.map_or_else(
            |status| show_status(&status),
            |answer| {
                format!("knows {:?}", answer.into_inner().table.iter().map(|e| e.replica).collect::<Vec<_>>())
            },
        );
        writeln!(story, "{words}\n  {answer}").unwrap();
    }
    let again = client(&us, Caller::Certified(Holder::Replica(7))).await.ping(ping(7, vec![removal()])).await;
    assert!(again.is_ok(), "now it is a member, and is believed");
    writeln!(story, "it is a member now, and removes replica 2\n{}", entries(&us).await).unwrap();
    let mut removed = client(&us, Caller::Certified(Holder::Replica(2))).await;
    let (back, others) = (AddPeerRequest { peer: Some(peer(2, "de")) }, RemovePeerRequest { replica: 7 });
    for refused in [
        removed.add_peer(back).await.map(drop).unwrap_err(),
        removed.remove_peer(others).await.map(drop).unwrap_err(),
        removed.ping(ping(2, Vec::new())).await.map(drop).unwrap_err(),
    ] {
        writeln!(story, "replica 2 changes the fleet with its certificate\n  {}", show_status(&refused))
            .unwrap();
    }
    write!(story, "{}", page(&store, &us).await).unwrap();
    check::snapshot!("newcomer", story);
}

#[tokio::test]
async fn ex_3_2_a_table_has_an_end() {
    check::promise("A table holds 64 members and 1000 ids. What fits is taken in, and removals first.");
    let (_, us) = table(peer(1, "us")).await;
    let mut story = String::new();
    let members = us.merge(Teller::Member, invented(100..200)).await.unwrap();
    writeln!(story, "100 members: {} are taken in, {} are not", members.stored.len(), members.no_room)
        .unwrap();
    let one = vec![entry(Some(peer(300, "sg")), 300, (5, 300))];
    write!(story, "one more: {}", show_merged(us.merge(Teller::Member, one.clone()).await)).unwrap();
    let refused = us.add(peer(300, "sg")).await.unwrap_err();
    writeln!(story, "an operator adds it: {:?}: {refused}", refused.code()).unwrap();
    let moved = vec![entry(Some(peer(100, "sg")), 100, (6, 100))];
    write!(story, "one moves: {}", show_merged(us.merge(Teller::Member, moved).await)).unwrap();
    let older = vec![entry(None, 101, (4, 101)), one[0].clone()];
    write!(story, "an older removal makes no room: {}", show_merged(us.merge(Teller::Member, older).await))
        .unwrap();
    let exchange = vec![one[0].clone(), entry(None, 100, (7, 100))];
    write!(story, "one comes, one is removed: {}", show_merged(us.merge(Teller::Member, exchange).await))
        .unwrap();
    let removed = (1000..1990).map(|id| entry(None, id, (5, id))).collect();
    let removed = us.merge(Teller::Member, removed).await.unwrap();
    writeln!(story, "990 removals: {} are taken in, {} are not", removed.stored.len(), removed.no_room)
        .unwrap();
    let members = us.peers().await.unwrap().len();
    writeln!(story, "{members} members, {} entries", us.entries().await.unwrap().len()).unwrap();
    us.remove(ReplicaId(101)).await.unwrap();
    let refused = us.add(peer(3000, "sg")).await.unwrap_err();
    writeln!(story, "an operator removes one and adds one: {:?}: {refused}", refused.code()).unwrap();
    check::snapshot!("bounds", story);
}

#[tokio::test]
async fn ex_3_2_what_is_stored_past_the_bounds_is_not_dialed() {
    check::promise("However many entries are stored by another way, so many are dialed, and told of.");
    let (store, us) = table(peer(300, "us")).await;
    let stored = store.write(|write| {
        for id in (1..=299).chain(301..=2000) {
            let value = peer(id, "moon").encode_to_vec();
            write.put(&Key::new(peers::NAMESPACE, id.to_string())?, value)?;
        }
        write.delete(&Key::new(peers::NAMESPACE, "1")?).map(drop)
    });
    stored.await.unwrap();
    let members: Vec<_> = us.peers().await.unwrap().iter().map(|peer| peer.replica).collect();
    assert_eq!(members, (2..=64).chain([300]).collect::<Vec<_>>());
    let told = us.entries().await.unwrap();
    let removed =
        told.iter().filter(|entry| entry.object.as_ref().unwrap().metadata.as_ref().unwrap().tombstone);
    assert_eq!((told.len(), removed.count()), (1000, 0));
}

#[test]
fn the_words_of_a_peer_are_short_and_plain() {
    check::promise("What a peer answers is in the log here: it is cut, and has no control characters.");
    let status = Status::not_found(format!("gone\n\u{1b}[2J{}", "!".repeat(10_000)));
    let Error::Call { message, .. } = Error::from(status) else { panic!("a status is the answer to a call") };
    assert_eq!((message.len(), &message[..9]), (500, "gone[2J!!"));
}

#[tokio::test]
async fn ex_3_2_what_is_said_of_a_replica_is_short_and_plain() {
    check::promise("Addresses and regions are in logs and metrics, so they are short and plain.");
    let (_, us) = us().await;
    let mut client = client(&us, Caller::Trusted).await;
    let mut story = String::new();
    let long = |bytes| format!("http://{}:1", "a".repeat(bytes));
    for (words, bad) in [
        ("a long address", Peer { address: long(300), ..peer(7, "sg") }),
        ("a long region", peer(7, &"r".repeat(65))),
        ("a region of two lines", Peer { region: "sg\nreplica 1 is gone".into(), ..peer(7, "sg") }),
        ("a region that is read backwards", Peer { region: "\u{202e}gs".into(), ..peer(7, "sg") }),
        ("an address with an escape", Peer { address: "http://\u{1b}[2J:1".into(), ..peer(7, "sg") }),
        ("an address that is none", Peer { address: "::::".into(), ..peer(7, "sg") }),
        ("an address of every machine", Peer { address: "http://0.0.0.0:4400".into(), ..peer(7, "sg") }),
        ("a directory of 17 bytes", Peer { directory: vec![7; 17], ..peer(7, "sg") }),
    ] {
        let added = client.add_peer(AddPeerRequest { peer: Some(bad.clone()) }).await.unwrap_err();
        let from = PingRequest { from: Some(bad.clone()), ..ping(7, Vec::new()) };
        let pinged = client.ping(from).await.unwrap_err();
        let told = client.ping(ping(7, vec![entry(Some(bad), 7, (5, 7))])).await.unwrap_err();
        for status in [added, pinged, told] {
            writeln!(story, "{words}: {}", show_status(&status)).unwrap();
        }
    }
    writeln!(story, "{}", entries(&us).await).unwrap();
    check::snapshot!("plain", story);
}

#[tokio::test(start_paused = true)]
async fn ex_3_5_a_fleet_that_is_full_says_so_to_who_comes() {
    check::promise("A replica that comes to a full fleet is told so and ends; the fleet goes on.");
    let fleet = Fleet::new();
    let us = fleet.start(peer(1, "us")).await;
    us.peers.table().merge(Teller::Member, invented(100..163)).await.unwrap();
    let late = fleet.start(peer(3, "sg")).await;
    let ended =
        tokio::time::timeout(Duration::from_secs(30), late.running).await.expect("it goes on").unwrap();
    let members = us.peers.others().await.unwrap().len() + 1;
    assert!(us.peers.peer(ReplicaId(3)).await.unwrap().is_none());
    check::snapshot!("full", format!("{members} members\nreplica 3 ends: {}\n", ended.unwrap_err()));
}

async fn entries(peers: &Peers) -> String {
    show_entries(peers.table().entries().await.unwrap())
}

/// What was not taken in, as the metrics tell it.
async fn page(store: &Store, peers: &Peers) -> String {
    let page = Metrics::with(|registry| peers.register(registry)).page(store).await;
    let mut lines: Vec<_> = page.lines().filter(|line| line.starts_with("atoll_peer_entries")).collect();
    lines.sort_unstable();
    lines.join("\n")
}
