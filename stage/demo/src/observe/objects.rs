//! The objects that the replicas hold.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};
use world::facts::{Data, Record};

use super::{PATIENCE, Sights};
use crate::doors::Doors;
use crate::event::Object;
use crate::feed::Feed;
use crate::region::Region;
use crate::verdict::Held;

/// The time between two looks at a replica.
const PAUSE: Duration = Duration::from_millis(200);

/// Looks again and again at what a replica holds.
pub async fn watch(region: Region, doors: Arc<Doors>, sights: Arc<Sights>, feed: Feed) {
    loop {
        let began = feed.now();
        let data = match doors.of(region) {
            Some(mut door) => timeout(PATIENCE, door.client.data()).await.ok().and_then(Result::ok),
            None => None,
        };
        sights.saw(&feed, region, began, data.map(held));
        sleep(PAUSE).await;
    }
}

fn held(data: Data) -> Held {
    data.into_iter().map(|(key, record)| (key, object(record))).collect()
}

fn object(record: Record) -> Object {
    let version = record.version();
    let Record { value, metadata } = record;
    Object { value, counter: version.counter, writer: version.replica, deleted: metadata.tombstone }
}
