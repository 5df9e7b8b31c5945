//! The handle to a replica's peers, for the layers above.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ::service::Registry;
use proto::peer::v1::peer_status::Health;
use proto::peer::v1::{Peer, PeerEntry};
use rpc::peer::v1::peer_management_server::PeerManagementServer;
use serve::Shutdown;
use store::{ReplicaId, Store};
use tokio::time::Instant;

use crate::contact::Contact;
use crate::entry::Known;
use crate::expelled::Expelled;
use crate::merged::{Merged, Teller};
use crate::metrics::{Metrics, View};
use crate::past::{Account, Past};
use crate::service::PeerService;
use crate::{Dial, Error, Pool, Seeds, Table, directory, join, pings};

/// How peers are found and watched.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The time between two pings of a peer.
    pub interval: Duration,
    /// Where to ask for the first ones.
    pub seeds: Seeds,
}

/// What a replica knows about its peers, and the channels to them. Cheap to clone.
#[derive(Clone)]
pub struct Peers(Arc<Shared>);

struct Shared {
    table: Table,
    pool: Pool,
    dial: Arc<dyn Dial>,
    settings: Settings,
    metrics: Metrics,
    began: Instant,
    contacts: Mutex<BTreeMap<ReplicaId, Contact>>,
    past: Past,
    expelled: Expelled,
}

impl Peers {
    /// Opens the peer table in `store` and announces `me` in it. An empty `me.directory` becomes
    /// the name of the store's own directory, and a missing name for this run is drawn.
    ///
    /// # Errors
    /// If this replica was removed, its id is another's, or the store failed.
    pub async fn open(
        store: Store,
        mut me: Peer,
        settings: Settings,
        dial: Arc<dyn Dial>,
    ) -> Result<Self, Error> {
        if me.directory.is_empty() {
            me.directory = directory::name(&store).await?;
            if me.run.is_empty() {
                me.run = directory::draw().to_vec();
            }
        }
        let table = Table::open(store, me).await?;
        Ok(Self(Arc::new(Shared {
            table,
            pool: Pool::new(dial.clone()),
            dial,
            settings,
            metrics: Metrics::default(),
            began: Instant::now(),
            contacts: Mutex::default(),
            past: Past::default(),
            expelled: Expelled::default(),
        })))
    }

    /// This replica.
    pub fn me(&self) -> &Peer {
        self.0.table.me()
    }

    /// The table.
    pub fn table(&self) -> &Table {
        &self.0.table
    }

    /// All replicas but this one, ascending by id.
    ///
    /// # Errors
    /// If the table cannot be read.
    pub async fn others(&self) -> Result<Vec<Peer>, Error> {
        let mut peers = self.0.table.peers().await?;
        peers.retain(|peer| peer.replica != self.me().replica);
        Ok(peers)
    }

    /// Those of the others that are neither suspected nor refused, ascending by id. Those that have
    /// not answered yet are among them: somebody has to try.
    ///
    /// # Errors
    /// If the table cannot be read.
    pub async fn alive(&self) -> Result<Vec<Peer>, Error> {
        let mut peers = self.others().await?;
        let (contacts, now) = (self.contacts(), self.now());
        let health = |peer: &Peer| contacts.get(&ReplicaId(peer.replica)).map(|contact| contact.health(now));
        peers.retain(|peer| !matches!(health(peer), Some(Health::Suspect | Health::Refused)));
        Ok(peers)
    }

    /// One replica; None if it is not known, or was removed.
    ///
    /// # Errors
    /// If the table cannot be read.
    pub async fn peer(&self, replica: ReplicaId) -> Result<Option<Peer>, Error> {
        Ok(match self.0.table.find(replica).await? {
            Known::Member(peer) => Some(peer),
            Known::Unknown | Known::Removed => None,
        })
    }

    /// Whether a replica was removed for good.
    ///
    /// # Errors
    /// If the table cannot be read.
    pub async fn is_removed(&self, replica: ReplicaId) -> Result<bool, Error> {
        self.0.table.is_removed(replica).await
    }

    /// A synchronization with the peer has just succeeded.
    pub fn synchronized(&self, replica: ReplicaId) {
        let new = || Contact::new(self.now(), self.0.settings.interval);
        self.contacts().entry(replica).or_insert_with(new).synchronized = Some(Instant::now());
    }

    /// Lets pings report what `account` says is here: for the layers above, before this replica
    /// runs.
    pub fn account(&self, account: impl Account + 'static) {
        self.0.past.keeps(Arc::new(account));
    }

    /// The replicas that said they went back in time: a layer that can should remember it on disk.
    pub fn went_back(&self) -> BTreeSet<ReplicaId> {
        self.0.past.went_back()
    }

    /// Tells replicas that went back in time that they are refused.
    pub fn refuse(&self, replicas: BTreeSet<ReplicaId>) {
        self.0.past.refuse(replicas);
    }

    /// The service that other replicas and operators call.
    pub fn server(&self) -> PeerManagementServer<PeerService> {
        PeerManagementServer::new(PeerService::new(self.clone()))
    }

    /// Adds the metrics of the peers to a page.
    pub fn register(&self, registry: &mut Registry) {
        self.0.metrics.register(registry, View(self.clone()));
    }

    /// First asks the fleet, if the store takes no writes until then ([`join`]), and pings the
    /// peers until the shutdown begins. All its tasks have ended when it returns.
    ///
    /// # Errors
    /// If this replica must stop: it was removed, or its id is another's.
    pub async fn run(&self, shutdown: &Shutdown) -> Result<(), Error> {
        tokio::select! {
            joined = join(self) => joined?,
            error = self.expelled().known() => return Err(error),
            () = shutdown.begun() => return Ok(()),
        }
        pings::run(self, shutdown).await
    }

    pub(crate) fn expelled(&self) -> &Expelled {
        &self.0.expelled
    }

    pub(crate) fn past(&self) -> &Past {
        &self.0.past
    }

    pub(crate) fn pool(&self) -> &Pool {
        &self.0.pool
    }

    pub(crate) fn dial(&self) -> &dyn Dial {
        &*self.0.dial
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// What was observed of each peer. Locked only briefly, never across an await.
    pub(crate) fn contacts(&self) -> MutexGuard<'_, BTreeMap<ReplicaId, Contact>> {
        self.0.contacts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The time of the detectors.
    pub(crate) fn now(&self) -> Duration {
        self.0.began.elapsed()
    }

    /// Merges what `teller` knows about the fleet, and counts what was refused.
    pub(crate) async fn hear(&self, teller: Teller, entries: Vec<PeerEntry>) -> Result<Merged, Error> {
        let merged = self.0.table.merge(teller, entries).await?;
        self.0.metrics.not_taken(&merged);
        Ok(merged)
    }
}
