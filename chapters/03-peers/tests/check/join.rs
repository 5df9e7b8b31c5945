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
use crate::support::{peer, store};

/// A replica that has not been run: it only asks and answers.
async fn open(fleet: &Fleet, store: &Store, me: Peer) -> Peers {
    let list = vec![peer(1, "us").address, peer(2, "de").address];
    let seeds = Seeds { list, bootstrap: me.replica == 1, ..Seeds::default() };
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
    let (us, de) = (store(1).await, store(2).await);
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
    put(&mut fleet, &second).await;
    fleet.kill(first).await;
    fleet.kill(second).await;
    let second = fleet.join(de, peer(2, "de"), &hosts, false).await;
    fleet.note("all were killed, and replica 2 starts, which was a member");
    fleet.at(36.0).await;
    put(&mut fleet, &second).await;
    fleet.at(38.0).await;
    put(&mut fleet, &second).await;
    check::snapshot!("begun", fleet.story);
}
