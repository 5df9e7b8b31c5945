//! The replicas' own metrics, and the traffic on the links.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use cluster::{Network, page};
use tokio::time::{sleep, timeout};

use super::PATIENCE;
use crate::doors::Doors;
use crate::event::{Measures, What};
use crate::feed::Feed;
use crate::region::Region;

/// The time between two looks.
const PAUSE: Duration = Duration::from_millis(500);

/// The phi from which on a peer is suspected: the threshold of chapter 03's detector.
const SUSPICION: f64 = 8.0;

/// Looks again and again at a replica's page of metrics.
pub async fn watch(region: Region, doors: Arc<Doors>, feed: Feed) {
    let mut before = Measures::default();
    loop {
        if let Some(door) = doors.of(region)
            && let Ok(Ok(page)) = timeout(PATIENCE, page::get(door.pages, "/metrics")).await
        {
            let measures = read(&page);
            if measures != before {
                before = measures.clone();
                feed.tell(What::Measured { replica: region.id(), measures });
            }
        }
        sleep(PAUSE).await;
    }
}

/// Tells again and again what the links have carried.
pub async fn carried(network: Arc<Network>, feed: Feed) {
    let mut before = Vec::new();
    loop {
        let bytes: Vec<_> = network.links().map(|((from, to), link)| (from, to, link.carried())).collect();
        if bytes != before {
            before.clone_from(&bytes);
            feed.tell(What::Carried { bytes });
        }
        sleep(PAUSE).await;
    }
}

fn read(page: &str) -> Measures {
    let by_peer = |name| -> BTreeMap<u64, f64> {
        page::metric(page, name)
            .into_iter()
            .filter_map(|(labels, value)| Some((peer(labels)?, value)))
            .collect()
    };
    let sum = |name| page::metric(page, name).iter().map(|(_, value)| value).sum::<f64>() as u64;
    let suspicions = by_peer("atoll_peer_suspicion").into_iter();
    Measures {
        lag: by_peer("atoll_replication_lag_changes").into_iter().map(|(id, lag)| (id, lag as u64)).collect(),
        stomps: sum("atoll_stomps_total"),
        collected: sum("atoll_tombstones_collected_total"),
        suspects: suspicions.filter(|(_, phi)| *phi >= SUSPICION).map(|(id, _)| id).collect(),
    }
}

/// The peer that labels name: `{peer="2"}`.
fn peer(labels: &str) -> Option<u64> {
    labels.split_once("peer=\"")?.1.split_once('"')?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read() {
        let page = "atoll_replication_lag_changes{peer=\"2\"} 0\natoll_replication_lag_changes{peer=\"3\"} 7\n\
                    atoll_stomps_total 2\natoll_tombstones_collected_total 1\n\
                    atoll_peer_suspicion{peer=\"2\"} 0.3\natoll_peer_suspicion{peer=\"3\"} 11.5\n";
        let measures = Measures { lag: [(2, 0), (3, 7)].into(), stomps: 2, collected: 1, suspects: vec![3] };
        assert_eq!(read(page), measures);
        assert_eq!(read(""), Measures::default());
    }
}
