//! All streams of a replica.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use merge::Merge;
use peers::{Account, Peers};
use rpc::replication::v1::replication_server::ReplicationServer;
use serve::{Seldom, Shutdown};
use store::{MAX_MESSAGE, ReplicaId, Store};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{MissedTickBehavior, interval};

use crate::acknowledged::Acknowledged;
use crate::latest::Latest;
use crate::log::Log;
use crate::metrics::Metrics;
use crate::options::Options;
use crate::upkeep::Upkeep;

/// How often the peer table and the lag of each peer are checked.
const ROUND: Duration = Duration::from_secs(1);

/// How often the log is cut.
const CUTTING: Duration = Duration::from_secs(10);

/// How often tombstones are collected, which reads all keys if there are any.
const COLLECTING: Duration = Duration::from_secs(60);

/// Sends this replica's writes to its peers, and applies theirs. Cheap to clone; all clones are
/// one.
#[derive(Clone)]
pub struct Replicator {
    pub(crate) store: Store,
    pub(crate) log: Log,
    pub(crate) merge: Merge,
    pub(crate) peers: Peers,
    pub(crate) metrics: Metrics,
    pub(crate) shutdown: Shutdown,
    pub(crate) random: fastrand::Rng,
    pub(crate) acknowledged: Acknowledged,
    pub(crate) latest: Latest,
    /// Limits log lines about refused streams: a refused peer may come again at once.
    pub(crate) lines: Arc<Seldom>,
    pub(crate) cutting: Duration,
    pub(crate) collecting: Duration,
}

impl Replicator {
    /// On `store`, of which `log` is a layer. The streams end when `shutdown` begins; `random` spreads the
    /// attempts to reopen them.
    pub fn new(
        store: Store,
        log: Log,
        merge: Merge,
        peers: Peers,
        metrics: Metrics,
        shutdown: Shutdown,
        random: fastrand::Rng,
    ) -> Self {
        let (acknowledged, latest) = (Acknowledged::default(), Latest::default());
        peers.account(Known(store.clone(), merge.clone()));
        Self {
            store,
            log,
            merge,
            peers,
            metrics,
            shutdown,
            random,
            acknowledged,
            latest,
            lines: Arc::default(),
            cutting: CUTTING,
            collecting: COLLECTING,
        }
    }

    /// The same, as `options` say.
    #[must_use]
    pub fn with(self, options: &Options) -> Self {
        match options.cleaning_interval.map(Duration::from_secs) {
            Some(interval) => Self { cutting: interval, collecting: interval, ..self },
            None => self,
        }
    }

    /// The service to which peers open their streams.
    pub fn server(&self) -> ReplicationServer<Self> {
        ReplicationServer::new(self.clone()).max_decoding_message_size(MAX_MESSAGE)
    }

    /// Keeps a stream open to each peer in the table, cuts the log, and collects tombstones, until the
    /// shutdown begins. All its tasks have ended when it returns.
    pub async fn run(&self) {
        self.rounds(true).await;
    }

    /// The same, but opens no streams: for a replica that leaves everything to anti-entropy.
    pub async fn run_without_streams(&self) {
        self.rounds(false).await;
    }

    async fn rounds(&self, streaming: bool) {
        let mut streams = Streams::default();
        let mut upkeep = Upkeep::new(self.clone(), streaming);
        let mut rounds = interval(ROUND);
        rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = self.shutdown.begun() => break,
                _ = rounds.tick() => {}
            }
            match self.peers.others().await {
                Ok(peers) => {
                    let members: Vec<_> = peers.iter().map(|peer| ReplicaId(peer.replica)).collect();
                    if streaming {
                        streams.keep(self, &members);
                    }
                    upkeep.round(&members).await;
                }
                Err(error) => tracing::error!(%error, "the peer table cannot be read"),
            }
        }
        streams.end().await;
    }
}

/// What is known of each replica's writes, for pings to report.
struct Known(Store, Merge);

#[tonic::async_trait]
impl Account for Known {
    async fn known_of(&self, replica: ReplicaId) -> Result<u64, store::Error> {
        self.1.latest_of(&self.0, replica).await
    }
}

/// The tasks that keep the streams open, one for each peer.
#[derive(Default)]
struct Streams {
    tasks: JoinSet<()>,
    by_peer: BTreeMap<ReplicaId, AbortHandle>,
}

impl Streams {
    /// Starts streams for new peers, ends those for peers that are gone.
    fn keep(&mut self, replicator: &Replicator, members: &[ReplicaId]) {
        self.by_peer.retain(|peer, task| {
            let stays = members.contains(peer);
            if !stays {
                task.abort();
                replicator.metrics.forget(*peer);
            }
            stays
        });
        for peer in members {
            let tasks = &mut self.tasks;
            self.by_peer.entry(*peer).or_insert_with(|| tasks.spawn(replicator.clone().keep_open(*peer)));
        }
        // Only aborted tasks get here.
        while self.tasks.try_join_next().is_some() {}
    }

    async fn end(mut self) {
        self.tasks.shutdown().await;
    }
}
