//! What is counted.

use std::collections::BTreeMap;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

use crate::Applied;

/// What was counted since the start.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Received objects, by outcome.
    pub objects: BTreeMap<&'static str, u64>,
    /// Writes that lost against a concurrent one.
    pub stomps: u64,
    /// Tombstones that were forgotten.
    pub collected: u64,
}

/// The metrics of merging. Cheap to clone; all clones count together.
#[derive(Clone, Default)]
pub struct Metrics {
    objects: Family<[(&'static str, &'static str); 1], Counter>,
    stomps: Counter,
    collected: Counter,
}

impl Metrics {
    pub fn register(&self, registry: &mut Registry) {
        // All outcomes are exported from the start: a rate needs the 0 before the first.
        self.counts();
        registry.register("merge_objects", "Objects from other replicas, by outcome", self.objects.clone());
        registry.register("stomps", "Writes that lost against a concurrent one", self.stomps.clone());
        registry.register("tombstones_collected", "Tombstones that were forgotten", self.collected.clone());
    }

    pub fn applied(&self, applied: Applied) {
        self.of(applied).inc();
    }

    pub fn stomp(&self) {
        self.stomps.inc();
    }

    pub fn collected(&self, tombstones: u64) {
        self.collected.inc_by(tombstones);
    }

    pub fn counts(&self) -> Counts {
        Counts {
            objects: Applied::ALL.map(|applied| (applied.name(), self.of(applied).get())).into(),
            stomps: self.stomps.get(),
            collected: self.collected.get(),
        }
    }

    fn of(&self, applied: Applied) -> Counter {
        self.objects.get_or_create(&[("outcome", applied.name())]).clone()
    }
}
