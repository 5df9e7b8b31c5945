//! Replicas in memory on a network in memory, in virtual time.

use std::sync::{Arc, Once};
use std::time::Duration;

use antientropy::{AntiEntropy, Limits, Metrics};
use engine::{Engine, MemoryDisk};
use merge::{Merge, Options, WallClock};
use net::Network;
use peers::{Dial, Dialing, Error, Peer, Peers, Seeds, Settings, Teller};
use serve::Shutdown;
use service::Registry;
use store::{Identity, Key, Object, ReplicaId, Scan, Store};
use tonic::service::Routes;
use tracing::subscriber::set_global_default;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use transcript::Recorder;

use super::machines::key;

/// How long a message takes between two replicas.
pub const WAY: Duration = Duration::from_millis(10);

/// One replica.
#[derive(Clone)]
pub struct Node {
    disk: MemoryDisk,
    pub store: Store,
    pub merge: Merge,
    pub peers: Peers,
    pub metrics: Metrics,
    pub shutdown: Shutdown,
    pub anti_entropy: AntiEntropy,
}

/// Dials over the network of the test.
struct NetDial {
    network: Network,
    me: u64,
}

impl Dial for NetDial {
    fn dial(&self, peer: &Peer) -> Dialing {
        let (network, me, replica) = (self.network.clone(), self.me, peer.replica);
        let address = peer.address.clone();
        Box::pin(async move {
            let unreachable = |error: tonic::transport::Error| Error::Unreachable {
                replica,
                address,
                reason: error.to_string(),
            };
            network.connect(me, replica).await.map_err(unreachable)
        })
    }
}

impl Node {
    pub async fn start(network: &Network, replica: u64, limits: Limits) -> Self {
        Self::start_on(MemoryDisk::new(), network, replica, limits).await
    }

    /// The same, on a disk, in the place of the one that had the id before.
    pub async fn start_on(disk: MemoryDisk, network: &Network, replica: u64, limits: Limits) -> Self {
        let identity = Identity { replica: ReplicaId(replica), region: "us".into(), owner: "ann".into() };
        let store = Store::open(Engine::memory(&disk), identity, Vec::new()).await.unwrap();
        let directory = vec![replica as u8; 16];
        let me = Peer {
            replica,
            address: format!("http://replica-{replica}:4400"),
            region: "us".into(),
            directory,
            run: Vec::new(),
        };
        let settings = Settings { interval: Duration::from_secs(1), seeds: Seeds::default() };
        let dial = Arc::new(NetDial { network: network.clone(), me: replica });
        let peers = Peers::open(store.clone(), me, settings, dial).await.unwrap();
        let merge = Merge::new(Options::default(), WallClock::stepped(Duration::from_secs(1_000_000)));
        let (metrics, shutdown) = (Metrics::default(), Shutdown::new());
        let anti_entropy = AntiEntropy::new(
            store.clone(),
            merge.clone(),
            peers.clone(),
            metrics.clone(),
            limits,
            shutdown.clone(),
        );
        network.serve(replica, Routes::new(anti_entropy.server()));
        Self { disk, store, merge, peers, metrics, shutdown, anti_entropy }
    }

    pub async fn put(&self, name: &str, value: &str) -> Object {
        self.store.put(&key(name), value).await.unwrap()
    }

    pub async fn delete(&self, name: &str) {
        self.store.delete(&key(name)).await.unwrap();
    }

    /// Writes as another replica would that knew of nothing here: at any counter.
    pub async fn hold(&self, name: &str, text: &str) {
        let (key, object, merge) = (key(name), super::machines::object(text), self.merge.clone());
        let hold = self.store.write(move |write| {
            if object.version.replica != write.identity().replica {
                return merge.apply(write, &key, &object).map(drop);
            }
            // Taken in from somebody else, it would show that this replica went back in time.
            let current = write.current(&key)?;
            assert!(write.observe(object.version));
            write.store(&key, current.as_ref(), &object)
        });
        hold.await.unwrap();
    }

    /// Many objects with values of so many bytes, in one write.
    pub async fn fill(&self, objects: std::ops::Range<usize>, bytes: usize) {
        let fill = self.store.write(move |write| {
            for number in objects {
                write.put(&Key::new("default", format!("key-{number:06}"))?, vec![b'x'; bytes])?;
            }
            Ok(())
        });
        fill.await.unwrap();
    }

    /// A backup of what is on its disk now.
    pub fn backup(&self) -> MemoryDisk {
        self.disk.copy()
    }

    /// Lets the engine fail from now on, as if its disk had.
    pub fn break_engine(&self) {
        // A memory disk has one engine at a time: the older one finds itself shut out.
        drop(Engine::memory(&self.disk));
    }

    /// What clients wrote: a key, its version and its value each.
    pub async fn show(&self) -> String {
        let scan = Scan { namespace: "default".into(), limit: 10_000, tombstones: true, ..Scan::default() };
        let show = |(key, object): (Key, Object)| {
            let value = object.value().map_or("deleted".into(), |value| value.escape_ascii().to_string());
            format!("{} = {value} ({})", key.key().escape_ascii(), object.version)
        };
        let objects = self.store.scan(scan).await.unwrap().objects;
        let all: Vec<_> = objects.into_iter().map(show).collect();
        if all.is_empty() { "nothing".into() } else { all.join(", ") }
    }

    pub async fn knows(&self) -> String {
        self.merge.knowledge(&self.store).await.unwrap().to_string()
    }

    /// The lines of the metrics page that hold one of `names`, without buckets, sorted.
    pub async fn metrics(&self, names: &[&str]) -> String {
        let metrics = self.metrics.clone();
        let page = service::Metrics::with(move |registry: &mut Registry| metrics.register(registry));
        let page = page.page(&self.store).await;
        let wanted = |line: &&str| {
            names.iter().any(|name| line.contains(name))
                && !line.starts_with('#')
                && !line.contains("_bucket")
        };
        let mut lines: Vec<_> = page.lines().filter(wanted).map(|line| format!("  {line}\n")).collect();
        lines.sort();
        lines.concat()
    }
}

/// Replicas 1 to n, each of which knows the others.
pub async fn fleet(replicas: u64, limits: Limits) -> (Network, Vec<Node>) {
    let network = Network::new();
    let mut nodes = Vec::new();
    for replica in 1..=replicas {
        nodes.push(Node::start(&network, replica, limits).await);
        for earlier in 1..replica {
            network.latency(earlier, replica, WAY);
        }
    }
    for node in &nodes {
        for other in &nodes {
            node.peers
                .table()
                .merge(Teller::Member, other.peers.table().entries().await.unwrap())
                .await
                .unwrap();
        }
    }
    (network, nodes)
}

/// Two replicas that know each other.
pub async fn pair(limits: Limits) -> (Network, Node, Node) {
    let (network, nodes) = fleet(2, limits).await;
    let [one, two] = nodes.try_into().unwrap_or_else(|_| panic!("two nodes"));
    (network, one, two)
}

/// How many tasks of this test have not ended.
pub fn tasks() -> usize {
    tokio::runtime::Handle::current().metrics().num_alive_tasks()
}

/// Gives all tasks time to do what they can. Tests run in virtual time, so it costs none.
pub async fn settle() {
    tokio::time::sleep(Duration::from_secs(1)).await;
}

/// Records what replicas 1 and 2 say from now on.
pub fn record() -> Recorder {
    // One subscriber that wants the messages, in every thread: tracing remembers for all threads which
    // lines nobody wants.
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let messages = filter_fn(|metadata| metadata.target() == transcript::TARGET);
        let _ = set_global_default(tracing_subscriber::registry().with(messages));
    });
    Recorder::install(&[(1, "initiator"), (2, "remote")])
}
