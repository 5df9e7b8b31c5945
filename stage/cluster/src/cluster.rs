//! Three replicas that know each other only through the network's proxies.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tokio::time::{Instant, sleep};
use world::Client;
use world::facts::{Data, Rest};

use crate::make::REPLICAS;
use crate::network::Network;
use crate::page;
use crate::process::Replica;

/// How often a cluster is asked whether it agrees, and how it rests.
const PAUSE: Duration = Duration::from_millis(100);

/// How long a cluster is watched at rest; several sessions of anti-entropy begin in that time.
const WHILE: Duration = Duration::from_secs(1);

/// Everything that a replica does from time to time is done often: a schedule takes seconds. A report is
/// used once it is older than a session can be.
const SHORT: [&str; 7] = [
    "--owner=cluster",
    "--log-filter=info,service=warn,atoll::messages=debug",
    "--ping-interval=0.2",
    "--sync-interval=0.4",
    "--cleaning-interval=1",
    "--session-limit=1",
    "--settle=2",
];

/// The regions of the replicas.
const REGIONS: [&str; 3] = ["us", "de", "sg"];

/// Three replicas and the network between them. All ends when it is dropped.
#[derive(Debug)]
pub struct Cluster {
    /// The replicas, in the order of [`REPLICAS`].
    pub replicas: [Replica; 3],
    /// The network.
    pub network: Network,
}

impl Cluster {
    /// Starts the replicas, each with `more` arguments, and waits until each is ready. Data and logs are
    /// below `parent`.
    ///
    /// # Errors
    /// If a replica does not come up.
    pub async fn start(program: &Path, parent: &Path, network: Network, more: &[String]) -> Result<Self> {
        let replicas = REPLICAS.map(|id| {
            let mut arguments = arguments(id, &network);
            arguments.extend_from_slice(more);
            Replica::new(id, program, arguments, parent)
        });
        let mut cluster = Self { replicas, network };
        for replica in &mut cluster.replicas {
            replica.start(&[]).await?;
            cluster.network.serves(replica.id, replica.grpc());
        }
        Ok(cluster)
    }

    /// What the replicas hold once `enough` is content with it; otherwise, after `patience`, what they hold
    /// then.
    ///
    /// # Errors
    /// If a replica does not run, or has not answered when the time is over.
    pub async fn wait_for(&self, patience: Duration, enough: impl Fn(&[Data]) -> bool) -> Result<Vec<Data>> {
        let deadline = Instant::now() + patience;
        loop {
            let held = self.data().await;
            match held {
                Ok(data) if enough(&data) || Instant::now() > deadline => return Ok(data),
                Err(error) if Instant::now() > deadline => return Err(error),
                _ => sleep(PAUSE).await,
            }
        }
    }

    /// What each holds, in the order of the replicas. The clients' connections are closed afterwards.
    async fn data(&self) -> Result<Vec<Data>> {
        let mut held = Vec::new();
        for replica in &self.replicas {
            let address = replica.grpc().with_context(|| format!("replica {} does not run", replica.id))?;
            let data = Client::new(address)?.data().await;
            held.push(data.with_context(|| format!("replica {} does not tell what it holds", replica.id))?);
        }
        Ok(held)
    }

    /// Waits until each replica streams to all others, and they to it.
    ///
    /// # Errors
    /// If that does not happen within `patience`, or a replica does not answer.
    pub async fn wait_for_streams(&self, patience: Duration) -> Result<()> {
        let deadline = Instant::now() + patience;
        for replica in &self.replicas {
            loop {
                let page = replica.metrics().await?;
                let streams = page::metric(&page, "atoll_replication_streams");
                let open = streams.iter().filter(|(_, open)| *open == 1.0).count();
                if open == 2 * (REPLICAS.len() - 1) {
                    break;
                }
                ensure!(
                    Instant::now() < deadline,
                    "replica {} has only {open} streams: {streams:?}",
                    replica.id
                );
                sleep(PAUSE).await;
            }
        }
        Ok(())
    }

    /// Pairs of replicas, sender and receiver, between which no change has been streamed since they
    /// were last started.
    ///
    /// # Errors
    /// If a replica does not tell.
    pub async fn silent(&self) -> Result<BTreeSet<(u64, u64)>> {
        let mut silent = BTreeSet::new();
        for replica in &self.replicas {
            let page = replica.metrics().await?;
            let received = page::metric(&page, "atoll_replication_received_changes_total");
            for from in REPLICAS.into_iter().filter(|from| *from != replica.id) {
                let label = format!("peer=\"{from}\"");
                if !received.iter().any(|(labels, changes)| labels.contains(&label) && *changes > 0.0) {
                    silent.insert((from, replica.id));
                }
            }
        }
        Ok(silent)
    }

    /// How many tombstones the replicas have collected since they were last started.
    ///
    /// # Errors
    /// If a replica does not tell.
    pub async fn collected(&self) -> Result<u64> {
        let mut collected = 0.0;
        for replica in &self.replicas {
            let page = replica.metrics().await?;
            collected +=
                page::metric(&page, "atoll_tombstones_collected_total").iter().map(|(_, n)| n).sum::<f64>();
        }
        Ok(collected as u64)
    }

    /// The least that each replica holds on to in a while: what comes and goes, such as a session of
    /// anti-entropy, does not count.
    ///
    /// # Errors
    /// If a replica does not tell.
    pub async fn rest(&self) -> Result<Vec<Rest>> {
        let end = Instant::now() + WHILE;
        let mut least: Vec<Rest> = Vec::new();
        while Instant::now() < end {
            for (index, replica) in self.replicas.iter().enumerate() {
                let now = replica.rest().await?;
                match least.get_mut(index) {
                    Some(least) => *least = least.least(now),
                    None => least.push(now),
                }
            }
            sleep(PAUSE).await;
        }
        Ok(least)
    }
}

fn arguments(id: u64, network: &Network) -> Vec<String> {
    let region = REGIONS[(id as usize - 1) % REGIONS.len()];
    let mut arguments = network.arguments(id, region);
    arguments.extend(SHORT.map(str::to_owned));
    arguments
}
