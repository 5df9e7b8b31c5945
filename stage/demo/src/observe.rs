//! Watching the replicas: their objects, their metrics, and their messages.

mod logs;
mod measures;
mod objects;
mod sights;
mod tail;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use cluster::Network;
use tokio::sync::RwLock;
use tokio::task::JoinSet;

pub use sights::Sights;

use crate::doors::Doors;
use crate::feed::Feed;
use crate::region::Region;

/// How long a replica may take to answer. One that does not is not known.
const PATIENCE: Duration = Duration::from_secs(1);

/// Whoever reads this keeps the logs from being cut: a replica that starts reads its own.
pub type Uncut = Arc<RwLock<()>>;

/// What is watched between one `stage` and the next.
#[derive(Clone, Debug)]
pub struct Watched {
    /// The number of the stage, from 1.
    pub stage: u64,
    /// The links.
    pub network: Arc<Network>,
    /// The replicas' logs, by id.
    pub logs: Vec<(u64, PathBuf)>,
    /// What keeps the logs from being cut.
    pub uncut: Uncut,
}

/// Watches until the tasks are dropped.
pub fn watch(feed: &Feed, doors: &Arc<Doors>, sights: &Arc<Sights>, watched: Watched) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    for region in Region::ALL {
        tasks.spawn(objects::watch(region, doors.clone(), sights.clone(), feed.clone()));
        tasks.spawn(measures::watch(region, doors.clone(), feed.clone()));
    }
    tasks.spawn(measures::carried(watched.network.clone(), feed.clone()));
    tasks.spawn(logs::watch(watched, feed.clone()));
    tasks
}
