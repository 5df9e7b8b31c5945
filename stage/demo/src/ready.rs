//! When a stage is ready: the replicas run, and know each other.

use std::time::Duration;

use cluster::page;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

use crate::doors::Doors;
use crate::feed::Feed;
use crate::order::Done;
use crate::region::Region;

/// How long the replicas may take to find each other.
const ACQUAINTANCE: Duration = Duration::from_secs(8);

/// How often it is looked whether they have.
const SOON: Duration = Duration::from_millis(50);

/// Waits until all have started, and until each knows each other one: what is done before that shows little.
pub(crate) async fn ready(started: Vec<oneshot::Receiver<Done>>, doors: &Doors, feed: &Feed) -> Done {
    let mut running = 0;
    for start in started {
        // One that does not start is shown as down; the demo continues.
        running += usize::from(matches!(start.await, Ok(Ok(_))));
    }
    if running < Region::ALL.len() {
        return Ok(format!("{running} of 3 replicas run: the page shows the last lines of the others"));
    }
    if timeout(ACQUAINTANCE, acquainted(doors)).await.is_err() {
        feed.note(None, "the replicas have not found each other yet");
    }
    Ok("3 replicas run".to_owned())
}

async fn acquainted(doors: &Doors) {
    for region in Region::ALL {
        while !knows_all(region, doors).await {
            sleep(SOON).await;
        }
    }
}

/// Whether a replica's page of metrics tells that it knows all others, and streams to and from them where
/// it streams at all.
async fn knows_all(region: Region, doors: &Doors) -> bool {
    let Some(door) = doors.of(region) else { return false };
    let Ok(metrics) = page::get(door.pages, "/metrics").await else { return false };
    let others = Region::ALL.len() - 1;
    let alive = page::metric(&metrics, "atoll_peers").into_iter();
    let alive: f64 = alive.filter(|(labels, _)| labels.contains("\"alive\"")).map(|(_, count)| count).sum();
    let streams = page::metric(&metrics, "atoll_replication_streams");
    let open = streams.iter().filter(|(_, open)| *open >= 1.0).count();
    alive as usize == others && (streams.is_empty() || open == 2 * others)
}
