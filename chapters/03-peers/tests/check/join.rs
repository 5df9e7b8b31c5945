//! 3.5: the first contact, with all of the chapter together.

use std::sync::Arc;
use std::time::Duration;

use peers::{Peer, Peers, Seeds, Settings, join};
use proto::peer::v1::{
    AddPeerRequest, AddPeerResponse, GetPeersRequest, GetPeersResponse, PeerEntry, PingRequest, PingResponse,
    RemovePeerRequest, RemovePeerResponse,
};
use rpc::peer::v1::peer_management_server::{PeerManagement, PeerManagementServer};
use store::{Key, Store};
use tonic::service::Routes;
use tonic::{Request, Response, Status};

use crate::network::{Fleet, NetDial, Process};
use crate::support::{impostor, peer, store};

/// A replica that has not been run: it only asks and answers.
async fn open(fleet: &Fleet, store: &Store, me: Peer) -> Peers {
    let list = if me.replica == 1 { Vec::new() } else { vec![peer(1, "us").address, peer(2, "de").address] };
    let seeds = Seeds { list, ..Seeds::default() };
    store.joins("it has just started").await.unwrap();
    let settings = Settings { interval: Duration::from_secs(1), seeds };
    let dial = Arc::new(NetDial { network: fleet.network.clone(), from: me.replica });
    Peers::open(store.clone(), me, settings, dial).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn ex_3_5_a_replica_that_joins_writes_later_than_all_that_was_written() {
    check::promise("A replica that joins hears where the clocks of the others stand before it writes.");
    let fleet = Fleet::new();
    let (old, new) = (store(1).await, store(2).await);
    let first = open(&fleet, &old, peer(1, "us")).await;
    let apple = Key::new("fruit", "apple").unwrap();
    join(&first).await.unwrap();
    let mut last = None;
    for _ in 0..40 {
        last = Some(old.put(&apple, "green").await.unwrap().version);
    }
    fleet.network.serve(1, Routes::new(first.server()));
    let second = open(&fleet, &new, peer(2, "de")).await;
    join(&second).await.unwrap();
    let written = new.put(&apple, "red").await.unwrap().version;
    let known: Vec<_> = second.others().await.unwrap().into_iter().map(|peer| peer.replica).collect();
    check::snapshot!(
        "join",
        format!(
            "replica 1 has written {}\nreplica 2 joins, knows {known:?}, and writes {written}\n",
            last.unwrap()
        )
    );
}

/// A replica whose table has an entry that is none.
struct Damaged;

#[tonic::async_trait]
impl PeerManagement for Damaged {
    async fn ping(&self, _: Request<PingRequest>) -> Result<Response<PingResponse>, Status> {
        let entry = PeerEntry { replica: 2, object: None };
        Ok(Response::new(PingResponse {
            me: Some(peer(2, "de")),
            table: vec![entry],
            clock: 7,
            ..PingResponse::default()
        }))
    }

    async fn get_peers(&self, _: Request<GetPeersRequest>) -> Result<Response<GetPeersResponse>, Status> {
        Err(Status::unimplemented("nobody asks"))
    }

    async fn add_peer(&self, _: Request<AddPeerRequest>) -> Result<Response<AddPeerResponse>, Status> {
        Err(Status::unimplemented("nobody asks"))
    }

    async fn remove_peer(
        &self,
        _: Request<RemovePeerRequest>,
    ) -> Result<Response<RemovePeerResponse>, Status> {
        Err(Status::unimplemented("nobody asks"))
    }
}

#[tokio::test(start_paused = true)]
async fn ex_3_5_a_damaged_seed_keeps_nobody_from_joining() {
    check::promise("A seed that says what cannot be is not heard; the others are.");
    let fleet = Fleet::new();
    let first = open(&fleet, &store(1).await, peer(1, "us")).await;
    join(&first).await.unwrap();
    fleet.network.serve(1, Routes::new(first.server()));
    fleet.network.serve(2, Routes::new(PeerManagementServer::new(Damaged)));
    let new = store(3).await;
    let third = open(&fleet, &new, peer(3, "sg")).await;
    join(&third).await.expect("it goes on without the damaged one");
    assert_eq!(new.hold(), None, "it takes writes");
}

/// What a client of a replica gets.
async fn put(fleet: &mut Fleet, process: &Process) {
    let key = Key::new("fruit", "apple").unwrap();
    let answer = match process.store.put(&key, "green").await {
        Ok(object) => object.version.to_string(),
        Err(error) => error.to_string(),
    };
    fleet.note(&format!("put on replica {}: {answer}", process.peers.me().replica));
}

#[tokio::test(start_paused = true)]
async fn ex_3_5_who_cannot_reach_its_seeds_takes_no_writes() {
    check::promise(
        "A replica whose seeds do not answer takes no writes, says whom it asks, and joins when one answers.",
    );
    let mut fleet = Fleet::new();
    let de = fleet.join(store(2).await, peer(2, "de"), &["us-1", "sg-3"], false).await;
    for seconds in [1.0, 30.0] {
        fleet.at(seconds).await;
        put(&mut fleet, &de).await;
    }
    let us = fleet.join(store(1).await, peer(1, "us"), &[], false).await;
    fleet.note("replica 1 starts, and was given no seeds");
    fleet.at(31.0).await;
    put(&mut fleet, &us).await;
    fleet.at(45.0).await;
    put(&mut fleet, &de).await;
    fleet.list(2).await;
    check::snapshot!("seeds_down", fleet.story);
}

#[tokio::test(start_paused = true)]
async fn ex_3_5_a_fleet_is_begun_by_one_alone() {
    check::promise(
        "Of three new replicas that name each other, none begins a fleet but the one that is told to; a member goes on alone.",
    );
    let mut fleet = Fleet::new();
    let hosts = ["us-1", "de-2", "sg-3"];
    let (us, de, sg) = (store(1).await, store(2).await, store(3).await);
    let first = fleet.join(us.clone(), peer(1, "us"), &hosts, false).await;
    let second = fleet.join(de.clone(), peer(2, "de"), &hosts, false).await;
    fleet.at(20.0).await;
    put(&mut fleet, &first).await;
    put(&mut fleet, &second).await;
    fleet.kill(first).await;
    let first = fleet.join(us.clone(), peer(1, "us"), &hosts, true).await;
    fleet.note("replica 1 is started again, with --bootstrap");
    fleet.at(35.0).await;
    put(&mut fleet, &first).await;
    let third = fleet.join(sg, peer(3, "sg"), &hosts, false).await;
    fleet.note("replica 3 starts too");
    fleet.at(55.0).await;
    for process in [&first, &second, &third] {
        put(&mut fleet, process).await;
    }
    for process in [first, second, third] {
        fleet.kill(process).await;
    }
    let second = fleet.join(de, peer(2, "de"), &hosts, false).await;
    fleet.note("all were killed, and replica 2 starts, which was a member");
    fleet.at(56.0).await;
    put(&mut fleet, &second).await;
    fleet.at(58.0).await;
    put(&mut fleet, &second).await;
    check::snapshot!("begun", fleet.story);
}

/// How a process has ended, or what a client of it gets.
async fn tell(fleet: &mut Fleet, process: Process) -> Option<Process> {
    if process.running.is_finished() {
        let error = process.running.await.unwrap().expect_err("it may not go on");
        fleet.note(&format!("replica {} has ended: {error}", process.peers.me().replica));
        return None;
    }
    put(fleet, &process).await;
    Some(process)
}

#[tokio::test(start_paused = true)]
async fn ex_3_5_a_lost_directory_begins_no_second_fleet() {
    check::promise(
        "A replica whose directory is lost, and whose fleet is out of reach, begins none though --bootstrap is still there.",
    );
    let mut fleet = Fleet::new();
    let hosts = ["us-1", "de-2", "sg-3"];
    let (us, de) = (store(1).await, store(2).await);
    let first = fleet.join(us, peer(1, "us"), &["de-2"], true).await;
    let second = fleet.join(de, peer(2, "de"), &hosts, false).await;
    fleet.at(5.0).await;
    put(&mut fleet, &first).await;
    fleet.kill(first).await;
    for (from, to) in [(1, 2), (2, 1)] {
        fleet.network.cut(from, to);
    }
    fleet.note("replica 1 loses its directory and reaches nobody, and is started with the same command");
    let lost = fleet.join(store(1).await, impostor(&peer(1, "us"), 0xcc), &["de-2"], true).await;
    fleet.at(60.0).await;
    let lost = tell(&mut fleet, lost).await.expect("it asks on");
    // Another newcomer is no fleet, and does not speak for the seed that is silent.
    let third = fleet.join(store(3).await, peer(3, "sg"), &["us-1"], false).await;
    fleet.at(90.0).await;
    put(&mut fleet, &third).await;
    for (from, to) in [(1, 2), (2, 1)] {
        fleet.network.heal(from, to);
    }
    fleet.note("it reaches replica 2 again");
    fleet.at(110.0).await;
    assert!(tell(&mut fleet, lost).await.is_none(), "its id is taken");
    put(&mut fleet, &second).await;
    check::snapshot!("lost", fleet.story);
}

#[tokio::test(start_paused = true)]
async fn ex_3_5_who_has_only_itself_to_ask_says_so() {
    check::promise(
        "A replica whose seeds are only itself, under whatever name, begins no fleet unless it is told to.",
    );
    let mut fleet = Fleet::new();
    for host in ["us-1", "alias-1"] {
        let us = store(1).await;
        let first = fleet.join(us.clone(), peer(1, "us"), &[host], false).await;
        let until = fleet.began.elapsed().as_secs_f64() + 5.0;
        fleet.at(until).await;
        fleet.note(&format!("its only seed is {host}"));
        assert!(tell(&mut fleet, first).await.is_none(), "there is nobody to wait for");
        let first = fleet.join(us.clone(), peer(1, "us"), &[host], true).await;
        fleet.at(until + 5.0).await;
        fleet.note("with --bootstrap");
        let first = tell(&mut fleet, first).await.unwrap();
        fleet.kill(first).await;
        let first = fleet.join(us, peer(1, "us"), &[host], false).await;
        fleet.at(until + 10.0).await;
        fleet.note("started once more, without it");
        let first = tell(&mut fleet, first).await.unwrap();
        fleet.kill(first).await;
    }
    check::snapshot!("only_itself", fleet.story);
}
