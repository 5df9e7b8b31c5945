//! 3.5: replicas on a network, with all of the chapter together.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use peers::{Peer, Peers, Seeds, Settings};
use proto::peer::v1::RemovePeerRequest;
use rpc::peer::v1::peer_management_client::PeerManagementClient;
use serve::{Caller, Shutdown};
use service::Metrics;
use store::ReplicaId;
use tokio::time::{Instant, sleep, timeout};
use tonic::transport::Channel;

use crate::network::{Fleet, NetDial};
use crate::support::{impostor, peer, store};

#[tokio::test(start_paused = true)]
async fn ex_3_5_three_replicas_find_and_watch_one_another() {
    check::promise(
        "Three replicas that know one seed list one another; one that dies is suspected, and trusted when it is back for a while.",
    );
    let mut fleet = Fleet::new();
    let _de = fleet.start(peer(2, "de")).await;
    fleet.note("replica 2 starts; its seed, replica 1, is not there yet");
    fleet.at(1.5).await;
    let _us = fleet.start(peer(1, "us")).await;
    let sg = fleet.start(peer(3, "sg")).await;
    fleet.note("replicas 1 and 3 start");
    fleet.at(10.0).await;
    for replica in 1..=3 {
        fleet.list(replica).await;
    }
    let disk = fleet.kill(sg).await;
    fleet.note("replica 3 dies");
    fleet.at(12.0).await;
    fleet.list(1).await;
    fleet.at(16.0).await;
    fleet.list(1).await;
    let _sg = fleet.start_on(disk, Peer { address: "http://sg-3:4500".into(), ..peer(3, "sg") }).await;
    fleet.note("replica 3 is back, at another address");
    fleet.at(17.5).await;
    fleet.list(1).await;
    fleet.at(21.0).await;
    fleet.list(1).await;
    check::snapshot!("three", fleet.story);
}

#[tokio::test(start_paused = true)]
async fn ex_3_5_a_link_that_is_cut_one_way_is_found_out_on_both_sides() {
    check::promise(
        "A peer that hears and is not heard is suspected, by itself of the other, and others are not.",
    );
    let mut fleet = Fleet::new();
    let (_us, _de, _sg) = (
        fleet.start(peer(1, "us")).await,
        fleet.start(peer(2, "de")).await,
        fleet.start(peer(3, "sg")).await,
    );
    fleet.at(10.0).await;
    fleet.network.cut(2, 1);
    fleet.note("what replica 2 sends to replica 1 does not arrive");
    fleet.at(18.0).await;
    for replica in 1..=3 {
        fleet.list(replica).await;
    }
    fleet.network.heal(2, 1);
    fleet.note("healed");
    fleet.at(30.0).await;
    fleet.list(1).await;
    check::snapshot!("cut", fleet.story);
}

#[tokio::test(start_paused = true)]
async fn ex_3_5_two_replicas_with_one_id() {
    check::promise(
        "A second replica with a taken id is refused and ends, with words that say what to do; the first goes on.",
    );
    let mut fleet = Fleet::new();
    let (_us, _de) = (fleet.start(peer(1, "us")).await, fleet.start(peer(2, "de")).await);
    fleet.at(5.0).await;
    let copy = Peer { address: "http://copy-9:4400".into(), ..impostor(&peer(2, "de"), 0xcc) };
    let seeds = Seeds { list: vec![peer(1, "us").address], ..Seeds::default() };
    let dial = Arc::new(NetDial { network: fleet.network.clone(), from: 9 });
    let settings = Settings { interval: Duration::from_secs(1), seeds };
    let second = Peers::open(store(2).await, copy, settings, dial).await.unwrap();
    fleet.note("another replica starts with id 2 and an empty directory");
    let ended = timeout(Duration::from_secs(30), second.run(&Shutdown::new())).await.expect("it goes on");
    fleet.note(&format!("it ends: {}", ended.unwrap_err()));
    fleet.at(10.0).await;
    fleet.list(1).await;
    check::snapshot!("two_replicas_one_id", fleet.story);
}

#[tokio::test(start_paused = true)]
async fn ex_3_5_a_removed_replica_is_told_so_and_gone() {
    check::promise("A removed replica is told so and ends, all others forget it, and it does not come back.");
    let mut fleet = Fleet::new();
    let (us, de, sg) = (
        fleet.start(peer(1, "us")).await,
        fleet.start(peer(2, "de")).await,
        fleet.start(peer(3, "sg")).await,
    );
    fleet.at(5.0).await;
    let mut client = PeerManagementClient::new(fleet.network.connect(2, 2).await.unwrap());
    client.remove_peer(RemovePeerRequest { replica: 3 }).await.unwrap();
    fleet.note("replica 3 is removed at replica 2");
    let ended = timeout(Duration::from_secs(30), sg.running).await.expect("it goes on").unwrap();
    fleet.network.remove(3);
    fleet.note(&format!("replica 3 ends: {}", ended.unwrap_err()));
    fleet.at(10.0).await;
    fleet.list(1).await;
    for process in [&us, &de] {
        let removed = process.peers.is_removed(ReplicaId(3)).await;
        let channel = process.peers.channel(ReplicaId(3)).await.map(|_| "a channel").unwrap_err();
        writeln!(fleet.story, "  replica {}: removed {removed:?}, {channel}", process.peers.me().replica)
            .unwrap();
    }
    let again = fleet.start_on(sg.store, peer(3, "sg")).await;
    fleet.note("replica 3 starts again on its old directory");
    let ended = timeout(Duration::from_secs(30), again.running).await.expect("it goes on").unwrap();
    fleet.note(&format!("replica 3 ends: {}", ended.unwrap_err()));
    check::snapshot!("removed", fleet.story);
}

#[tokio::test(start_paused = true)]
async fn ex_3_5_an_address_that_leads_to_another_replica() {
    check::promise(
        "A replica that is reached under another one's address is not taken for it, and the listing says why.",
    );
    let mut fleet = Fleet::new();
    let (us, _de, _sg) = (
        fleet.start(peer(1, "us")).await,
        fleet.start(peer(2, "de")).await,
        fleet.start(peer(3, "sg")).await,
    );
    fleet.at(5.0).await;
    // The entry of a replica that is not there, with the address of one that is.
    us.peers
        .table()
        .add(Peer { address: peer(3, "sg").address, directory: Vec::new(), ..peer(4, "de") })
        .await
        .unwrap();
    fleet.note("replica 4 is added with the address of replica 3");
    fleet.at(8.0).await;
    fleet.list(1).await;
    let alive: Vec<_> = us.peers.alive().await.unwrap().iter().map(|peer| peer.replica).collect();
    writeln!(fleet.story, "  alive for the layers above: {alive:?}").unwrap();
    check::snapshot!("wrong_address", fleet.story);
}

#[tokio::test(start_paused = true)]
async fn ex_3_5_what_operators_see() {
    check::promise("The metrics tell health, round-trip times, suspicion and what became of the pings.");
    let fleet = Fleet::new();
    let us = fleet.start(peer(1, "us")).await;
    let (_de, sg) = (fleet.start(peer(2, "de")).await, fleet.start(peer(3, "sg")).await);
    fleet.at(10.0).await;
    fleet.kill(sg).await;
    fleet.at(15.0).await;
    let metrics = Metrics::with(|registry| us.peers.register(registry));
    let page = metrics.page(&us.store).await;
    let mut page: Vec<_> = page.lines().filter(|line| line.starts_with("atoll_peer")).collect();
    page.sort_unstable();
    check::snapshot!("peer_metrics", page.join("\n"));
}

#[tokio::test(start_paused = true)]
async fn ex_3_5_nothing_is_left_running() {
    check::promise("When a replica shuts down in the middle of its pings, every task of its own has ended.");
    let fleet = Fleet::new();
    let (us, de) = (fleet.start(peer(1, "us")).await, fleet.start(peer(2, "de")).await);
    fleet.at(5.0).await;
    // A ping is on its way that is never answered.
    fleet.network.cut(2, 1);
    fleet.at(8.2).await;
    for process in [us, de] {
        process.shutdown.begin();
        let began = Instant::now();
        process.running.await.unwrap().unwrap();
        assert_eq!(began.elapsed(), Duration::ZERO, "the end waited for a ping");
        // The network holds the replica's service, which holds the replica.
        fleet.network.remove(process.peers.me().replica);
    }
    drop(fleet);
    sleep(Duration::from_secs(5)).await;
    assert_eq!(tokio::runtime::Handle::current().metrics().num_alive_tasks(), 0, "tasks are left");
}

/// The layers above get their channels here.
#[tokio::test(start_paused = true)]
async fn ex_3_5_channels_for_the_layers_above() {
    check::promise(
        "A layer above gets the channel of a peer it knows, and an error that says why of one it does not.",
    );
    let fleet = Fleet::new();
    let (us, _de) = (fleet.start(peer(1, "us")).await, fleet.start(peer(2, "de")).await);
    fleet.at(3.0).await;
    let connections = fleet.network.connections();
    let _: Channel = us.peers.channel(ReplicaId(2)).await.unwrap();
    assert_eq!(fleet.network.connections(), connections, "the channel is there already");
    let mut story = String::new();
    for (protocol, from, to) in [(1, 2, 1), (2, 2, 1), (1, 2, 3), (1, 9, 1), (1, 1, 1)] {
        let answer = us.peers.check(&Caller::Trusted, protocol, from, to).await;
        let answer =
            answer.map_or_else(|error| format!("{:?}: {error}", error.code()), |id| format!("replica {id}"));
        writeln!(story, "a stream with protocol {protocol} from {from} to {to}: {answer}").unwrap();
    }
    writeln!(story, "channel to 9: {}", us.peers.channel(ReplicaId(9)).await.unwrap_err()).unwrap();
    check::snapshot!("streams", story);
}
