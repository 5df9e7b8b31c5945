//! A replica of chapter 06 in a simulated fleet.

use antientropy::{AntiEntropy, Limits, Ticker};
use store::ReplicaId;
use world::{Failure, Place, Program, Started, Ways};

use crate::parts::Parts;

pub struct AntiEntropyReplica;

#[tonic::async_trait]
impl Program for AntiEntropyReplica {
    fn ways(&self) -> &'static [Ways] {
        &[Ways::Both, Ways::Streams, Ways::Sessions]
    }

    async fn start(&self, place: Place) -> Result<Started, Failure> {
        let (me, settings, seed) = (ReplicaId(place.id), place.settings, place.seed);
        let parts = Parts::open(place).await?;
        let defaults = Limits::default();
        let limits = Limits {
            keys: settings.limits.slice_keys.unwrap_or(defaults.keys),
            session: settings.session_limit,
            sessions: settings.limits.sessions.unwrap_or(defaults.sessions),
            ..defaults
        };
        let anti_entropy = AntiEntropy::new(
            parts.store.clone(),
            parts.merge.clone(),
            parts.peers.clone(),
            antientropy::Metrics::default(),
            limits,
            parts.shutdown.clone(),
        );
        let replicator = parts.replicator.clone();
        let routes = parts.routes(|routes| {
            let routes = routes.add_service(anti_entropy.server());
            if settings.ways.streams() { routes.add_service(replicator.server()) } else { routes }
        });
        let ticker = Ticker::new(me, settings.sync_interval, seed);
        let (shutdown, account) = (parts.shutdown.clone(), parts.account());
        let all = async move {
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
            tokio::join!(stream, synchronize);
        };
        Ok(Started { routes, background: Box::pin(parts.run(all)), shutdown, account })
    }
}
