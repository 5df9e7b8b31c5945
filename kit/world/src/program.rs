//! What a chapter's program is to the fleet, and what the fleet is to it.

use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use engine::MemoryDisk;
use net::Network;
use serve::Shutdown;
use tokio::time::timeout;
use tonic::service::Routes;
use tonic::transport::Channel;

use crate::facts::{Loss, Vector};
use crate::schedule::{Limits, Ways};

/// What a program ends with, in words.
pub type Failure = Box<dyn Error + Send + Sync>;

/// The program of a replica, as a chapter has it.
#[tonic::async_trait]
pub trait Program: Send + Sync + 'static {
    /// What brings a write from one of its replicas to the others: each seed takes one of these.
    fn ways(&self) -> &'static [Ways];

    /// Starts a replica at a place. All that it spawns lives in a runtime of its own, and dies with it.
    ///
    /// # Errors
    /// Where it cannot be started there.
    async fn start(&self, place: Place) -> Result<Started, Failure>;
}

/// Where a replica runs, and what it is told.
pub struct Place {
    /// Its id.
    pub id: u64,
    /// Where the others reach it.
    pub address: String,
    /// Whom it asks for the others.
    pub seeds: Vec<String>,
    /// Whether it begins a fleet where none of them answers.
    pub bootstrap: bool,
    /// Its way to the others.
    pub dialer: Dialer,
    /// Its disk.
    pub disk: MemoryDisk,
    /// The name of its directory, which a copy has too. By itself a replica draws one that is different in each run.
    pub directory: Vec<u8>,
    /// What its wall clock shows, in milliseconds since 1970.
    pub clock: Arc<AtomicU64>,
    /// What it is told.
    pub settings: Settings,
    /// What its random choices come from.
    pub seed: u64,
}

/// What every replica of a fleet is told. All that is done from time to time is done often: a schedule takes
/// seconds.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// What brings a write to the others.
    pub ways: Ways,
    /// How little it makes do with.
    pub limits: Limits,
    /// What the counters of writes come after.
    pub counters_after: u64,
    /// The time between two pings of a peer.
    pub ping_interval: Duration,
    /// The mean time between two sessions of anti-entropy.
    pub sync_interval: Duration,
    /// How long a session may take.
    pub session_limit: Duration,
    /// The time between two cleanings, of the log and of tombstones.
    pub cleaning_interval: Duration,
    /// After how long tombstones are collected by what a peer said: longer than a session may take.
    pub settle: Duration,
}

/// A replica that has been started.
pub struct Started {
    /// What it serves.
    pub routes: Routes,
    /// What it does by itself, until the shutdown begins.
    pub background: Pin<Box<dyn Future<Output = Result<(), Failure>> + Send>>,
    /// Its end in good order.
    pub shutdown: Shutdown,
    /// What it says of itself.
    pub account: Arc<dyn Account>,
}

/// What a replica says of itself, and no client hears.
#[tonic::async_trait]
pub trait Account: Send + Sync {
    /// For each replica the counter up to which it has taken in all writes, where it keeps such a thing.
    async fn knows(&self) -> Vector;

    /// The writes that it keeps as lost to a concurrent one.
    async fn lost(&self) -> Vec<Loss>;

    /// Why it is no part of the fleet any more, where it says so.
    fn withdrawn(&self) -> Option<String>;
}

/// Makes connections over the network of the fleet.
#[derive(Clone, Debug)]
pub struct Dialer {
    network: Network,
    from: u64,
}

impl Dialer {
    /// How long a connection may take to come about.
    const DEADLINE: Duration = Duration::from_secs(3);

    pub(crate) fn new(network: Network, from: u64) -> Self {
        Self { network, from }
    }

    /// Connects to the replica at `address`.
    ///
    /// # Errors
    /// Says why there is no connection.
    pub async fn dial(&self, address: &str) -> Result<Channel, String> {
        let to = place_at(address).ok_or_else(|| format!("no replica is at {address}"))?;
        let connection = timeout(Self::DEADLINE, self.network.connect(self.from, to)).await;
        connection.map_err(|_| "no answer".to_owned())?.map_err(|_| "connection refused".to_owned())
    }
}

/// The address of a place.
pub(crate) fn address_of(place: u64) -> String {
    format!("http://replica-{place}:4400")
}

fn place_at(address: &str) -> Option<u64> {
    address.strip_prefix("http://replica-")?.strip_suffix(":4400")?.parse().ok()
}

impl Settings {
    /// What the replicas of a fleet with these ways and limits are told.
    pub fn new(ways: Ways, limits: Limits) -> Self {
        Self {
            ways,
            limits,
            counters_after: 0,
            ping_interval: Duration::from_millis(500),
            sync_interval: Duration::from_millis(500),
            session_limit: Duration::from_secs(2),
            cleaning_interval: Duration::from_secs(1),
            settle: Duration::from_secs(3),
        }
    }
}
