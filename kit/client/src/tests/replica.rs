//! A replica on a real socket, whose services answer what the tests know.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use proto::antientropy::v1::*;
use proto::object::v1::Version;
use proto::peer::v1::peer_status::Health;
use proto::peer::v1::*;
use rpc::antientropy::v1::anti_entropy_server::{AntiEntropy, AntiEntropyServer};
use rpc::peer::v1::peer_management_server::{PeerManagement, PeerManagementServer};
use serve::{Config, Probe, Server, Shutdown};
use tls::Tls;
use tonic::codegen::tokio_stream;
use tonic::service::Routes;
use tonic::{Request, Response, Status, Streaming};

/// The address of a replica that serves until the test's runtime ends.
pub async fn start(tls: Option<Tls>) -> String {
    let any = ([127, 0, 0, 1], 0).into();
    let scheme = if tls.is_some() { "https" } else { "http" };
    let config = Config { grpc: any, http: any, tls, trust_network: false, grace: Duration::ZERO };
    let server = Server::bind(config).await.unwrap();
    let address = format!("{scheme}://{}", server.grpc());
    let routes = Routes::new(PeerManagementServer::new(Replica)).add_service(AntiEntropyServer::new(Replica));
    tokio::spawn(server.run(routes, Arc::new(Replica), proto::DESCRIPTORS, Shutdown::new()));
    address
}

struct Replica;

impl Probe for Replica {
    fn ready(&self) -> Result<(), String> {
        Ok(())
    }

    fn metrics(&self) -> Pin<Box<dyn Future<Output = String> + Send + '_>> {
        Box::pin(async { String::new() })
    }
}

fn status(replica: u64, region: &str, health: Health) -> PeerStatus {
    let address = format!("http://10.0.0.{replica}:4400");
    let peer =
        Peer { replica, address, region: region.into(), directory: vec![replica as u8; 16], run: Vec::new() };
    PeerStatus { peer: Some(peer), health: health.into(), ..PeerStatus::default() }
}

fn peers() -> Vec<PeerStatus> {
    vec![
        status(1, "us", Health::Self_),
        PeerStatus {
            round_trip_micros: 95_249,
            suspicion: 0.449,
            synchronized_seconds_ago: Some(3),
            ..status(2, "de", Health::Alive)
        },
        PeerStatus {
            round_trip_micros: 210_000,
            suspicion: 12.06,
            synchronized_seconds_ago: Some(5_000),
            ..status(3, "singapore", Health::Suspect)
        },
        status(4, "de", Health::Unknown),
        PeerStatus {
            complaint: "another directory has the id 10 too".into(),
            ..status(10, "us", Health::Refused)
        },
    ]
}

#[tonic::async_trait]
impl PeerManagement for Replica {
    async fn get_peers(
        &self,
        request: Request<GetPeersRequest>,
    ) -> Result<Response<GetPeersResponse>, Status> {
        let GetPeersRequest { region, status_only } = request.into_inner();
        let mut peers = peers();
        peers.retain(|status| {
            !status_only && (region.is_empty() || status.peer.as_ref().unwrap().region == region)
        });
        let regions = [("de", 2), ("singapore", 1), ("us", 2)]
            .map(|(region, replicas)| RegionStatus { region: region.into(), replicas });
        let network = NetworkStatus { size: 5, regions: regions.into(), synchronized_seconds_ago: Some(3) };
        Ok(Response::new(GetPeersResponse { peers, network: Some(network) }))
    }

    async fn add_peer(&self, request: Request<AddPeerRequest>) -> Result<Response<AddPeerResponse>, Status> {
        let peer = request.into_inner().peer.unwrap();
        let Peer { replica: 6, directory, .. } = &peer else {
            return Err(Status::failed_precondition("replica 2 was removed; use a new id"));
        };
        assert_eq!((peer.address.as_str(), peer.region.as_str()), ("https://replica-6:4400", "de"));
        assert!(directory.is_empty());
        Ok(Response::new(AddPeerResponse { version: Some(Version { counter: 7, replica: 1 }) }))
    }

    async fn remove_peer(
        &self,
        request: Request<RemovePeerRequest>,
    ) -> Result<Response<RemovePeerResponse>, Status> {
        let version = (request.get_ref().replica == 6).then_some(Version { counter: 8, replica: 1 });
        Ok(Response::new(RemovePeerResponse { version }))
    }

    async fn ping(&self, _: Request<PingRequest>) -> Result<Response<PingResponse>, Status> {
        Err(Status::unimplemented("no test pings"))
    }
}

#[tonic::async_trait]
impl AntiEntropy for Replica {
    type SynchronizeStream = tokio_stream::Empty<Result<SyncMessage, Status>>;

    async fn synchronize(
        &self,
        _: Request<Streaming<SyncMessage>>,
    ) -> Result<Response<Self::SynchronizeStream>, Status> {
        Ok(Response::new(tokio_stream::empty()))
    }

    async fn run_session(
        &self,
        request: Request<RunSessionRequest>,
    ) -> Result<Response<RunSessionResponse>, Status> {
        let RunSessionRequest { peer, dry } = request.into_inner();
        let peer = match peer {
            0 => 2,
            9 => return Err(Status::not_found("no replica 9; `peers` prints those there are")),
            peer => peer,
        };
        let report = SessionReport {
            checked: 12_000,
            pushed: 3,
            pulled: if dry { 0 } else { 2 },
            stomps: 1,
            skips: 4,
            bytes_sent: 1_392_000,
            bytes_received: 811,
            micros: 95_349,
            whole: !dry,
        };
        let diagram = "replica 1   replica 2\n    | Open ---> |\n".to_owned();
        Ok(Response::new(RunSessionResponse { peer, diagram, report: Some(report) }))
    }
}
