//! Replicas on a network in memory.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use net::Network;
use peers::{Dial, Dialing, Error, Peer, Peers, Seeds, Settings};
use proto::peer::v1::GetPeersRequest;
use rpc::peer::v1::peer_management_client::PeerManagementClient;
use serve::Shutdown;
use store::Store;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until, timeout};
use tonic::service::Routes;

use crate::support::{peer, store};

pub const MS: Duration = Duration::from_millis(1);

/// Dials over the network of the test. The replica stands at the end of an address's host name.
pub struct NetDial {
    pub network: Network,
    pub from: u64,
}

impl Dial for NetDial {
    fn dial(&self, peer: &Peer) -> Dialing {
        let (network, from, peer) = (self.network.clone(), self.from, peer.clone());
        Box::pin(async move {
            let unreachable = |reason: String| Error::Unreachable {
                replica: peer.replica,
                address: peer.address.clone(),
                reason,
            };
            let number = peer.address.trim_start_matches("http://").split(['-', ':']).nth(1);
            let to = number
                .and_then(|number| number.parse().ok())
                .ok_or_else(|| unreachable("no such host".into()))?;
            let dial = timeout(Duration::from_secs(3), network.connect(from, to)).await;
            dial.map_err(|_| unreachable("no answer".into()))?
                .map_err(|_| unreachable("connection refused".into()))
        })
    }
}

/// A fleet on a network: its replicas, and since when.
pub struct Fleet {
    pub network: Network,
    pub began: Instant,
    pub story: String,
}

/// A process of the fleet.
pub struct Process {
    pub store: Store,
    pub peers: Peers,
    pub shutdown: Shutdown,
    pub running: JoinHandle<Result<(), Error>>,
}

impl Fleet {
    /// United States, Germany, Singapore.
    pub fn new() -> Self {
        let network = Network::new();
        network.latency(1, 2, MS * 45);
        network.latency(1, 3, MS * 110);
        network.latency(2, 3, MS * 80);
        Self { network, began: Instant::now(), story: String::new() }
    }

    /// Starts a replica on a store; it asks the replica 1 for others.
    pub async fn start_on(&self, store: Store, me: Peer) -> Process {
        let seeds = Seeds { list: vec![peer(1, "us").address], ..Seeds::default() };
        self.start_with(store, me, seeds).await
    }

    /// The same, as a process starts: it takes no writes before it has asked.
    pub async fn join(&self, store: Store, me: Peer, seeds: &[&str], bootstrap: bool) -> Process {
        store.joins("it has just started").await.unwrap();
        let list = seeds.iter().map(|host| format!("http://{host}:4400")).collect();
        self.start_with(store, me, Seeds { list, bootstrap, ..Seeds::default() }).await
    }

    async fn start_with(&self, store: Store, me: Peer, seeds: Seeds) -> Process {
        let settings = Settings { interval: Duration::from_secs(1), seeds };
        let dial = Arc::new(NetDial { network: self.network.clone(), from: me.replica });
        let replica = me.replica;
        let peers = Peers::open(store.clone(), me, settings, dial).await.unwrap();
        // Its server takes the place of one that has the same id, as another process on the same address would.
        self.network.serve(replica, Routes::new(peers.server()));
        let shutdown = Shutdown::new();
        let running = tokio::spawn({
            let (peers, shutdown) = (peers.clone(), shutdown.clone());
            async move { peers.run(&shutdown).await }
        });
        Process { store, peers, shutdown, running }
    }

    pub async fn start(&self, me: Peer) -> Process {
        self.start_on(store(me.replica).await, me).await
    }

    /// The process dies without a word; its disk stays.
    pub async fn kill(&self, process: Process) -> Store {
        self.network.remove(process.peers.me().replica);
        process.running.abort();
        let _ = process.running.await;
        process.store
    }

    pub fn note(&mut self, words: &str) {
        writeln!(self.story, "{:.1} s: {words}", self.began.elapsed().as_secs_f64()).unwrap();
    }

    pub async fn at(&self, seconds: f64) {
        sleep_until(self.began + Duration::from_secs_f64(seconds)).await;
    }

    /// What an operator beside the replica sees.
    pub async fn list(&mut self, replica: u64) {
        let mut client = PeerManagementClient::new(self.network.connect(replica, replica).await.unwrap());
        let listing = client.get_peers(GetPeersRequest::default()).await.unwrap().into_inner();
        self.note(&format!("replica {replica} lists"));
        for status in listing.peers {
            let peer = status.peer.clone().unwrap_or_default();
            let health = status.health().as_str_name().trim_start_matches("HEALTH_").to_lowercase();
            let round_trip = match status.round_trip_micros {
                0 => "-".into(),
                micros => format!("{} ms", micros / 1000),
            };
            let line = format!(
                "  {}  {:4} {:18} {health:8} {round_trip:>7}  phi {:4.1}  {}",
                peer.replica,
                peer.region,
                peer.address,
                status.suspicion.min(99.9),
                status.complaint
            );
            writeln!(self.story, "{}", line.trim_end()).unwrap();
        }
    }
}
