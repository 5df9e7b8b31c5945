//! Steady writes to all replicas.

use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use crate::doors::Doors;
use crate::event::Standing;
use crate::feed::Feed;
use crate::region::Region;

/// The keys that are written.
const KEYS: [&str; 24] = [
    "almond", "apple", "banana", "cherry", "date", "elder", "fig", "grape", "hazel", "lemon", "lime",
    "mango", "medlar", "melon", "olive", "orange", "papaya", "peach", "pear", "plum", "quince", "sloe",
    "tomato", "walnut",
];

/// One in this many writes is a delete.
const DELETES: u64 = 6;

/// The most writes that are not answered yet. What is due beyond that is left out: a replica that does not
/// answer must not gather writes.
const IN_FLIGHT: usize = 64;

/// The same writes each time.
const SEED: u64 = 4;

/// Writes as often in a second as `rate` says, until its sender is gone.
pub async fn run(feed: Feed, doors: Arc<Doors>, mut rate: watch::Receiver<u32>) {
    loop {
        let per_second = *rate.borrow_and_update();
        let changed = match per_second {
            0 => rate.changed().await,
            per_second => tokio::select! {
                changed = rate.changed() => changed,
                never = write(&feed, &doors, per_second) => match never {},
            },
        };
        if changed.is_err() {
            return;
        }
    }
}

async fn write(feed: &Feed, doors: &Doors, per_second: u32) -> std::convert::Infallible {
    let mut random = Rng::with_seed(SEED);
    let mut writing = JoinSet::new();
    let mut turns = interval(Duration::from_secs(1) / per_second);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for number in 1_u64.. {
        turns.tick().await;
        while writing.try_join_next().is_some() {}
        let runs = |region: &Region| {
            feed.look(|state| state.replica(*region).map(|r| r.state)) == Some(Standing::Running)
        };
        let running: Vec<_> =
            Region::ALL.into_iter().filter(runs).filter_map(|region| doors.of(region)).collect();
        let (Some(key), Some(door)) = (random.choice(KEYS), random.choice(running)) else { continue };
        let value = (random.u64(0..DELETES) != 0).then(|| format!("v{number}"));
        if writing.len() < IN_FLIGHT {
            let mut client = door.client;
            writing.spawn(async move { client.write(key, value.as_deref()).await });
        }
    }
    std::future::pending().await
}
