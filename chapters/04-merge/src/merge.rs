//! The layer as one value.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use prometheus_client::registry::Registry;
use store::{Error, Key, ReplicaId, Store, Version, Write};
use tracing::error;

use crate::counts::Metrics;
use crate::records::{read_knowledge, write_knowledge};
use crate::reports::Reports;
use crate::{Counts, Knowledge, MAX_ENTRIES, Options, WallClock};

/// Merges what other replicas wrote into the store of this one. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Merge(Arc<Shared>);

struct Shared {
    options: Options,
    clock: WallClock,
    metrics: Metrics,
    reports: Reports,
    walked: Mutex<Option<Key>>,
}

impl Merge {
    /// A layer that has not merged anything yet. One store has one, for as long as it is open.
    pub fn new(options: Options, clock: WallClock) -> Self {
        let reports = Reports::new(options.settle);
        let (metrics, walked) = (Metrics::default(), Mutex::default());
        Self(Arc::new(Shared { options, clock, metrics, reports, walked }))
    }

    /// What this replica knows, its own entry included.
    ///
    /// # Errors
    /// If a record cannot be read.
    pub async fn knowledge(&self, store: &Store) -> Result<Knowledge, Error> {
        let mut knowledge = store.engine().read(|reader| read_knowledge(reader)).await?;
        // The clock last: it is behind nothing that is known, and everything written from now on is
        // later.
        knowledge.raise(store.identity().replica, store.clock().await?);
        Ok(knowledge)
    }

    /// What this replica knows, as the transaction of `write` sees it.
    ///
    /// # Errors
    /// If a record cannot be read.
    pub fn knowledge_in(&self, write: &mut Write<'_, '_>) -> Result<Knowledge, Error> {
        let mut knowledge = read_knowledge(write)?;
        knowledge.raise(write.identity().replica, write.clock());
        Ok(knowledge)
    }

    /// Records that all writes of `replica` up to `counter` were applied, in the transaction of the
    /// last of them. Knowledge never shrinks; a replica learns nothing about itself here.
    ///
    /// # Errors
    /// If a record cannot be read.
    pub fn learn(&self, write: &mut Write<'_, '_>, replica: ReplicaId, counter: u64) -> Result<(), Error> {
        self.adopt(write, &[Version { counter, replica }].into_iter().collect())
    }

    /// Records that all writes in `knowledge` were applied: after a pass over all keys of the
    /// replica that had this knowledge when the pass began.
    ///
    /// The clock advances too. Some of these writes may have been deleted and the tombstones
    /// collected, and what is written here from now on must be later than they were, though they
    /// never arrived here.
    ///
    /// # Errors
    /// If a record cannot be read.
    pub fn adopt(&self, write: &mut Write<'_, '_>, knowledge: &Knowledge) -> Result<(), Error> {
        let known = read_knowledge(write)?;
        let (mut joined, me) = (known.clone(), write.identity().replica);
        // exercise 4.4, continued: and what is learned
        //
        // Knowledge covers writes that never arrived here: they were deleted meanwhile, and the
        // tombstones collected. What is written here from now on must be later than those, too. So
        // go through the entries of `knowledge`. If the clock observes an entry, raise `joined` to
        // it (`joined.raise`). If it refuses, skip that entry, report it (`too_far_ahead`), and
        // continue. A replica learns nothing about itself (`me`) here.
        joined.join(knowledge);
        // end exercise 4.4
        if joined.replicas().count() >= MAX_ENTRIES {
            error!(
                "knowledge tells of more than {MAX_ENTRIES} replicas, as no fleet has; those that are new are left out"
            );
            joined =
                joined.iter().filter(|entry| known.replicas().any(|known| known == entry.replica)).collect();
        }
        if joined != known {
            write_knowledge(write.transaction(), &joined);
        }
        Ok(())
    }

    /// Up to where the records were walked over when tombstones were last collected; None: all of them.
    pub(crate) fn walked(&self) -> MutexGuard<'_, Option<Key>> {
        // It is one value: a panic elsewhere cannot leave it half changed.
        self.0.walked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// There was contact with `peer`, in any form: it is not away.
    pub fn heard(&self, peer: ReplicaId) {
        self.0.reports.heard(peer);
    }

    /// What `peer` now reports about itself. This is contact, too.
    pub fn report(&self, peer: ReplicaId, knowledge: Knowledge) {
        self.0.reports.add(peer, knowledge);
    }

    /// What `peer` reported so far is not true: nothing is collected by it.
    pub fn doubt(&self, peer: ReplicaId) {
        self.0.reports.forget(peer);
    }

    /// What was counted since the start.
    pub fn counts(&self) -> Counts {
        self.0.metrics.counts()
    }

    /// Adds the metrics of this layer.
    pub fn register(&self, registry: &mut Registry) {
        self.0.metrics.register(registry);
    }

    pub(crate) fn options(&self) -> &Options {
        &self.0.options
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    pub(crate) fn reports(&self) -> &Reports {
        &self.0.reports
    }

    pub(crate) fn now(&self) -> Duration {
        self.0.clock.now()
    }
}

fn too_far_ahead(version: Version, clock: u64) {
    error!(%version, clock, "a counter is too far ahead to be true");
}
