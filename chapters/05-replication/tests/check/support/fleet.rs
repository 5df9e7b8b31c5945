//! Replicas on a network, in virtual time.

use std::sync::Arc;
use std::time::Duration;

use net::Network;
use peers::{Dial, Dialing, Error, Peer, Peers, Seeds, Settings, Teller};
use replication::{Metrics, Replicator};
use rpc::replication::v1::replication_client::ReplicationClient;
use serve::Shutdown;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tonic::service::Routes;
use tonic::transport::Channel;
use transcript::{Recorder, Transcript};

use super::Replica;

pub const MS: Duration = Duration::from_millis(1);

/// The columns of a diagram of a whole fleet.
pub const COLUMNS: [(u64, &str); 3] = [(1, "us"), (2, "de"), (3, "sg")];

/// A replica at work.
pub struct Node {
    pub replica: Replica,
    pub peers: Peers,
    pub replicator: Replicator,
    pub shutdown: Shutdown,
    page: service::Metrics,
    running: Option<JoinHandle<()>>,
    pinging: Option<JoinHandle<()>>,
}

/// Dials over the network of the test.
struct NetDial {
    network: Network,
    from: u64,
}

impl Dial for NetDial {
    fn dial(&self, peer: &Peer) -> Dialing {
        let (network, from, peer) = (self.network.clone(), self.from, peer.clone());
        Box::pin(async move {
            let unreachable = |reason: &str| Error::Unreachable {
                replica: peer.replica,
                address: peer.address.clone(),
                reason: reason.into(),
            };
            let dial = timeout(Duration::from_secs(3), network.connect(from, peer.replica)).await;
            dial.map_err(|_| unreachable("no answer"))?.map_err(|_| unreachable("connection refused"))
        })
    }
}

/// United States, Germany, Singapore.
pub fn network() -> Network {
    let network = Network::new();
    network.latency(1, 2, MS * 40);
    network.latency(2, 3, MS * 75);
    network.latency(1, 3, MS * 110);
    network
}

impl Node {
    /// Puts a replica on the network. It answers, and opens no stream yet.
    pub async fn serve(replica: Replica, network: &Network) -> Self {
        let id = replica.id.0;
        let me = Peer {
            replica: id,
            address: format!("http://replica-{id}:4400"),
            region: "us".into(),
            directory: vec![id as u8; 16],
            run: Vec::new(),
        };
        let settings = Settings { interval: Duration::from_secs(1), seeds: Seeds::default() };
        let dial = Arc::new(NetDial { network: network.clone(), from: id });
        let peers = Peers::open(replica.store.clone(), me, settings, dial).await.unwrap();
        let (metrics, shutdown) = (Metrics::default(), Shutdown::new());
        let page = service::Metrics::with(|registry| metrics.register(registry));
        let replicator = Replicator::new(
            replica.store.clone(),
            replica.log.clone(),
            replica.merge.clone(),
            peers.clone(),
            metrics,
            shutdown.clone(),
            fastrand::Rng::with_seed(id),
        );
        network.serve(id, Routes::new(peers.server()).add_service(replicator.server()));
        Self { replica, peers, replicator, shutdown, page, running: None, pinging: None }
    }

    /// Opens its streams.
    pub fn run(&mut self) {
        let replicator = self.replicator.clone();
        self.running = Some(tokio::spawn(async move { replicator.run().await }));
    }

    /// Joins, and pings its peers.
    pub fn ping(&mut self) {
        let (peers, shutdown) = (self.peers.clone(), self.shutdown.clone());
        self.pinging = Some(tokio::spawn(async move { peers.run(&shutdown).await.unwrap() }));
    }

    /// The process ends in good order: its streams do, and what is left are connections.
    pub async fn stop(&mut self) {
        self.shutdown.begin();
        if let Some(running) = self.running.take() {
            timeout(MS * 1000, running).await.expect("a second after its shutdown it still runs").unwrap();
        }
    }

    /// The process dies; another one opens its disk.
    pub async fn kill(self, network: &Network) -> Replica {
        network.remove(self.replica.id.0);
        self.running.iter().chain(&self.pinging).for_each(JoinHandle::abort);
        self.replica.restart().await
    }

    /// A client of its service, from another place.
    pub async fn client(&self, network: &Network, from: u64) -> ReplicationClient<Channel> {
        ReplicationClient::new(network.connect(from, self.replica.id.0).await.unwrap())
    }

    /// The metrics whose names begin with one of `names`, sorted.
    pub async fn metrics(&self, names: &[&str]) -> String {
        let page = self.page.page(&self.replica.store).await;
        let wanted =
            |line: &&str| names.iter().any(|name| line.starts_with(&format!("atoll_replication_{name}")));
        let mut lines: Vec<_> = page.lines().filter(wanted).map(|line| format!("  {line}\n")).collect();
        lines.sort();
        lines.concat()
    }

    /// Waits until this replica has all writes of `of`, for a minute at the most.
    pub async fn catches_up(&self, of: &Self, recorder: &Recorder) {
        let clock = of.replica.store.clock().await.unwrap();
        let all_here = async {
            while self.replica.knows(of.replica.id.0).await < clock {
                sleep(MS * 10).await;
            }
        };
        if timeout(Duration::from_secs(60), all_here).await.is_err() {
            panic!("{}", no_answer(recorder));
        }
    }
}

/// Who waits for whom, in the words of a wrong answer.
pub fn no_answer(recorder: &Recorder) -> String {
    let waits = recorder.waits();
    format!("no answer: {}\n\n{}", waits.join(", "), recorder.transcript().last(24))
}

/// The times at which replica 1 began a stream, as the recorder saw it.
pub fn begins(recorder: &Recorder) -> Vec<Duration> {
    let story = recorder.transcript().to_string();
    let row = |row: &str| {
        let (time, rest) = row.split_once('│')?;
        rest.trim_start().starts_with("begin").then(|| time.trim().parse().ok().map(|ms: u32| MS * ms))?
    };
    story.lines().filter_map(row).collect()
}

/// The diagram, in which messages that are sent in one moment stand in one order: which of two tasks is the
/// first to be woken is up to chance.
pub fn in_order(transcript: &Transcript) -> String {
    let diagram = transcript.to_string();
    let mut rows: Vec<_> = diagram.lines().collect();
    let moment = |row: &str| row.split('│').next().map(str::to_owned);
    let sends = |row: &str| !row.contains(['▶', '◀']);
    rows.chunk_by_mut(|a, b| moment(a) == moment(b) && sends(a) && sends(b)).for_each(<[_]>::sort_unstable);
    rows.join("\n")
}

/// Each replica learns of the others.
pub async fn introduce(nodes: &[&Node]) {
    for node in nodes {
        for other in nodes {
            node.peers
                .table()
                .merge(Teller::Member, other.peers.table().entries().await.unwrap())
                .await
                .unwrap();
        }
    }
}
