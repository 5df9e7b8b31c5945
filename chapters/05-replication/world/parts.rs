//! What replicas of chapters 05 and 06 have in common in a simulated fleet: all but anti-entropy.

use std::sync::Arc;

use engine::Engine;
use merge::{Merge, Stomp, WallClock};
use peers::{Dial, Dialing, Error, Peer, Peers, Seeds, Settings};
use replication::{Log, Metrics, Options, Replicator};
use serve::Shutdown;
use service::Service;
use store::{Hold, Identity, Layer, ReplicaId, Store, Version};
use tonic::service::Routes;
use world::facts::{Loss, Vector};
use world::{Account, Dialer, Failure, Place};

/// A replica that has opened its store and serves nobody yet.
pub struct Parts {
    pub store: Store,
    pub merge: Merge,
    pub peers: Peers,
    pub replicator: Replicator,
    pub shutdown: Shutdown,
}

impl Parts {
    pub async fn open(place: Place) -> Result<Self, Failure> {
        let Place { id, settings, seed, .. } = place;
        let me = ReplicaId(id);
        let clock = WallClock::showing(place.clock);
        let mut random = fastrand::Rng::with_seed(seed);

        let options = Options {
            log_changes: settings.limits.log_changes.unwrap_or(100_000),
            cleaning_interval: Some(settings.cleaning_interval.as_secs()),
        };
        let log = Log::new(me, clock.clone(), options.log_changes);
        let merge = Merge::new(merge::Options { settle: settings.settle, ..Default::default() }, clock);
        let layers: Vec<Box<dyn Layer>> = vec![Box::new(log.clone())];
        let identity = Identity { replica: me, region: "local".into(), owner: "world".into() };
        let store = Store::open(Engine::memory(&place.disk), identity, layers).await?;
        if place.bootstrap {
            // As after years of writes; those who join it begin where it stands.
            let old = Version { counter: settings.counters_after, replica: me };
            store.write(move |write| Ok::<_, store::Error>(write.begin_at(old))).await?;
        }
        store.joins("it has just started").await?;

        // The name of this run says too which numbers a start alone leaves out.
        let run = random.u128(..).to_be_bytes().to_vec();
        let (address, directory, region) = (place.address, place.directory, "local".into());
        let me = Peer { replica: id, address, region, directory, run };
        let seeds = Seeds { list: place.seeds, bootstrap: place.bootstrap, ..Seeds::default() };
        let known = Settings { interval: settings.ping_interval, seeds };
        let peers = Peers::open(store.clone(), me, known, Arc::new(Dials(place.dialer))).await?;

        let shutdown = Shutdown::new();
        let replicator = Replicator::new(
            store.clone(),
            log,
            merge.clone(),
            peers.clone(),
            Metrics::default(),
            shutdown.clone(),
            random.fork(),
        );
        let replicator = replicator.with(&options);
        Ok(Self { store, merge, peers, replicator, shutdown })
    }

    /// What it serves, and what `add` adds to that.
    pub fn routes(&self, add: impl FnOnce(Routes) -> Routes) -> Routes {
        let service = Service::new(self.store.clone(), service::Metrics::default(), self.shutdown.clone());
        service.routes_with(|routes| add(routes.add_service(self.peers.server())))
    }

    /// What it says of itself.
    pub fn account(&self) -> Arc<dyn Account> {
        Arc::new(Known { store: self.store.clone(), merge: self.merge.clone() })
    }

    /// Pings its peers and does `all` else until the shutdown begins, as a node does.
    pub async fn run(self, all: impl Future<Output = ()>) -> Result<(), Failure> {
        let ping = async {
            let pinged = self.peers.run(&self.shutdown).await;
            self.shutdown.begin();
            pinged
        };
        let (pinged, ()) = tokio::join!(ping, all);
        Ok(pinged?)
    }
}

/// Dials over the network of the fleet.
struct Dials(Dialer);

impl Dial for Dials {
    fn dial(&self, peer: &Peer) -> Dialing {
        let (dialer, peer) = (self.0.clone(), peer.clone());
        Box::pin(async move {
            let unreachable =
                |reason| Error::Unreachable { replica: peer.replica, address: peer.address.clone(), reason };
            dialer.dial(&peer.address).await.map_err(unreachable)
        })
    }
}

/// What a replica says of itself.
struct Known {
    store: Store,
    merge: Merge,
}

#[tonic::async_trait]
impl Account for Known {
    async fn knows(&self) -> Vector {
        let knowledge = self.merge.knowledge(&self.store).await.unwrap_or_default();
        knowledge.iter().map(|version| (version.replica.0, version.counter)).collect()
    }

    async fn lost(&self) -> Vec<Loss> {
        let stomps = self.merge.stomps(&self.store, usize::MAX).await.unwrap_or_default();
        let in_default = stomps.into_iter().filter(|stomp| !stomp.key.is_reserved());
        let loss = |Stomp { key, lost, winner, .. }| Loss {
            key: String::from_utf8_lossy(key.key()).into_owned(),
            lost: seen(lost.version),
            winner: seen(winner),
        };
        in_default.map(loss).collect()
    }

    fn withdrawn(&self) -> Option<String> {
        match self.store.hold()? {
            Hold::WentBack(why) => Some(why),
            Hold::Joining(_) => None,
        }
    }
}

fn seen(version: store::Version) -> world::facts::Version {
    world::facts::Version { counter: version.counter, replica: version.replica.0 }
}
