//! Chapter 03: the replicas of a fleet know one another. (The API; the bodies follow.)
#![allow(missing_docs, unused_variables, clippy::todo)]

mod error;
mod options;

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

pub use error::Error;
pub use options::Options;
pub use proto::peer::v1::Peer;
use rpc::peer::v1::peer_management_server::{PeerManagement, PeerManagementServer};
use serve::Shutdown;
use service::{Registry, Service};
use store::{Layer, ReplicaId, Store};
use tonic::service::Routes;
use tonic::transport::Channel;

/// The version of the protocol between replicas that this program speaks.
pub const PROTOCOL: u32 = 1;

/// A dial under way.
pub type Dialing = Pin<Box<dyn Future<Output = Result<Channel, Error>> + Send>>;

/// How a channel is made.
pub trait Dial: Send + Sync + 'static {
    /// Connects to the peer's address.
    fn dial(&self, peer: &Peer) -> Dialing;
}

/// How often peers are pinged, and where the first ones are found.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The time between two rounds of pings; a round's deadline.
    pub interval: Duration,
    /// Addresses to ask for peers.
    pub seeds: Vec<String>,
    /// Host and port, resolved anew each time.
    pub seed_dns: Option<String>,
}

/// What a replica knows of its peers, and the way to them. Cheap to clone.
#[derive(Clone)]
pub struct Peers(Arc<()>);

impl Peers {
    /// Opens the peer table in `store` and announces `me` in it; `me.directory` is filled in.
    ///
    /// # Errors
    /// Where the store failed, or this replica was removed.
    pub async fn open(store: Store, me: Peer, settings: Settings, dial: Arc<dyn Dial>) -> Result<Self, Error> {
        todo!()
    }
    /// This replica.
    pub fn me(&self) -> &Peer {
        todo!()
    }
    /// All replicas but this one, ascending by id.
    pub async fn others(&self) -> Result<Vec<Peer>, Error> {
        todo!()
    }
    /// Those of the others that are neither under suspicion nor refused.
    pub async fn alive(&self) -> Result<Vec<Peer>, Error> {
        todo!()
    }
    /// One replica, where it is known and not removed.
    pub async fn peer(&self, replica: ReplicaId) -> Result<Option<Peer>, Error> {
        todo!()
    }
    /// The channel to a peer, made where there is none.
    pub async fn channel(&self, replica: ReplicaId) -> Result<Channel, Error> {
        todo!()
    }
    /// A synchronization with the peer ended well just now.
    pub fn synchronized(&self, replica: ReplicaId) {
        todo!()
    }
    /// Whether the replica was removed for good.
    pub async fn is_removed(&self, replica: ReplicaId) -> Result<bool, Error> {
        todo!()
    }
    /// What a stream's first message says of protocol, caller and callee is right; else the status to refuse with.
    pub async fn check(&self, protocol: u32, from: u64, to: u64) -> Result<ReplicaId, Error> {
        todo!()
    }
    /// The service for `Routes::add_service`.
    pub fn server(&self) -> PeerManagementServer<impl PeerManagement + Clone> {
        PeerManagementServer::new(Stub)
    }
    /// Adds the metrics of the peers.
    pub fn register(&self, registry: &mut Registry) {
        todo!()
    }
    /// Pings until the shutdown begins. All its tasks have ended when it returns.
    ///
    /// # Errors
    /// Where the fleet refuses this replica for good: it was removed, or its id is taken.
    pub async fn run(&self, shutdown: Shutdown) -> Result<(), Error> {
        todo!()
    }
}

/// The process of a replica.
pub struct Node {
    /// Its objects.
    pub store: Store,
    /// The key-value service.
    pub service: Service,
    /// Its peers.
    pub peers: Peers,
    /// Its end.
    pub shutdown: Shutdown,
}

impl Node {
    /// Opens the data, takes the addresses, announces itself. `layers` hear of every write, `register` adds
    /// the metrics of the layers above.
    ///
    /// # Errors
    /// Where the options contradict one another, or something cannot be opened.
    pub async fn open(
        options: &Options,
        layers: Vec<Box<dyn Layer>>,
        register: impl FnOnce(&mut Registry),
    ) -> Result<Self, Error> {
        todo!()
    }
    /// Serves (with the services that `add` puts beside its own), pings, and runs `background`, which must
    /// end when `shutdown` begins. Returns when all of them have ended and the data is closed.
    ///
    /// # Errors
    /// Where the server failed or the fleet refuses this replica.
    pub async fn run(
        self,
        add: impl FnOnce(Routes) -> Routes,
        background: impl Future<Output = ()>,
    ) -> Result<(), Error> {
        todo!()
    }
}

#[derive(Clone)]
struct Stub;
#[tonic::async_trait]
impl PeerManagement for Stub {
    async fn get_peers(&self, _: tonic::Request<proto::peer::v1::GetPeersRequest>) -> Result<tonic::Response<proto::peer::v1::GetPeersResponse>, tonic::Status> {
        todo!()
    }
    async fn add_peer(&self, _: tonic::Request<proto::peer::v1::AddPeerRequest>) -> Result<tonic::Response<proto::peer::v1::AddPeerResponse>, tonic::Status> {
        todo!()
    }
    async fn remove_peer(&self, _: tonic::Request<proto::peer::v1::RemovePeerRequest>) -> Result<tonic::Response<proto::peer::v1::RemovePeerResponse>, tonic::Status> {
        todo!()
    }
    async fn ping(&self, _: tonic::Request<proto::peer::v1::PingRequest>) -> Result<tonic::Response<proto::peer::v1::PingResponse>, tonic::Status> {
        todo!()
    }
}
