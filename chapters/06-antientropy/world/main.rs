//! What stands after chapter 06, as a replica of a simulated fleet; `cargo workshop world` runs it.

use std::process::ExitCode;
use std::sync::Arc;

use antientropy::{AntiEntropy, Limits, Ticker};
use engine::Engine;
use merge::{Merge, WallClock};
use peers::{Dial, Dialing, Error, Peer, Peers, Seeds, Settings};
use replication::{Log, Replicator};
use serve::Shutdown;
use service::{Metrics, Service};
use store::{Hold, Identity, Layer, ReplicaId, Store};
use world::facts::Vector;
use world::{Account, Dialer, Failure, Place, Program, Started};

fn main() -> ExitCode {
    world::main(AntiEntropyReplica)
}

struct AntiEntropyReplica;

#[tonic::async_trait]
impl Program for AntiEntropyReplica {
    async fn start(&self, place: Place) -> Result<Started, Failure> {
        let Place { id, settings, seed, .. } = place;
        let me = ReplicaId(id);
        let clock = WallClock::showing(place.clock);
        let mut random = fastrand::Rng::with_seed(seed);

        let options = replication::Options {
            log_changes: settings.limits.log_changes.unwrap_or(100_000),
            cleaning_interval: Some(settings.cleaning_interval.as_secs()),
        };
        let log = Log::new(me, clock.clone(), options.log_changes);
        let merge = Merge::new(merge::Options { settle: settings.settle, ..Default::default() }, clock);
        let layers: Vec<Box<dyn Layer>> = vec![Box::new(log.clone())];
        let identity = Identity { replica: me, region: "local".into(), owner: "world".into() };
        let store = Store::open(Engine::memory(&place.disk), identity, layers).await?;
        store.joins("it has just started").await?;

        // The name of this run says too which numbers a start alone leaves out.
        let run = random.u128(..).to_be_bytes().to_vec();
        let me = Peer { replica: id, address: place.address, region: "local".into(), run, ..Peer::default() };
        let seeds = Seeds { list: place.seeds, bootstrap: place.bootstrap, ..Seeds::default() };
        let known = Settings { interval: settings.ping_interval, seeds };
        let peers = Peers::open(store.clone(), me, known, Arc::new(Dials(place.dialer))).await?;

        let shutdown = Shutdown::new();
        let defaults = Limits::default();
        let limits = Limits {
            keys: settings.limits.slice_keys.unwrap_or(defaults.keys),
            session: settings.session_limit,
            ..defaults
        };
        let anti_entropy = AntiEntropy::new(
            store.clone(),
            merge.clone(),
            peers.clone(),
            antientropy::Metrics::default(),
            limits,
            shutdown.clone(),
        );
        let replicator = Replicator::new(
            store.clone(),
            log,
            merge.clone(),
            peers.clone(),
            replication::Metrics::default(),
            shutdown.clone(),
            random.fork(),
        );
        let replicator = replicator.with(&options);

        let service = Service::new(store.clone(), Metrics::default(), shutdown.clone());
        let routes = service.routes_with(|routes| {
            let routes = routes.add_service(peers.server()).add_service(anti_entropy.server());
            if settings.ways.streams() { routes.add_service(replicator.server()) } else { routes }
        });
        let ticker = Ticker::new(ReplicaId(id), settings.sync_interval, random.u64(..));
        let account = Arc::new(Known { store, merge });
        let ends = shutdown.clone();
        let background = Box::pin(async move {
            let stream = async {
                if settings.ways.streams() {
                    replicator.run().await;
                } else {
                    replicator.run_without_streams().await;
                }
            };
            let synchronize = async {
                if settings.ways.sessions() {
                    anti_entropy.run(ticker).await;
                }
            };
            let ping = async {
                let pinged = peers.run(&ends).await;
                ends.begin();
                pinged
            };
            let (pinged, (), ()) = tokio::join!(ping, stream, synchronize);
            Ok(pinged?)
        });
        Ok(Started { routes, background, shutdown, account })
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

    fn withdrawn(&self) -> Option<String> {
        match self.store.hold()? {
            Hold::WentBack(why) => Some(why),
            Hold::Joining(_) => None,
        }
    }
}
