//! The metrics of the streams.

use std::sync::atomic::AtomicU64;

use merge::Applied;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};
use store::ReplicaId;

/// The labels of a metric: names and values.
type Labels<const N: usize> = [(&'static str, String); N];

/// The metrics of replication. Cheap to clone; all clones count together.
#[derive(Debug, Clone, Default)]
pub struct Metrics {
    lag_changes: Family<Labels<1>, Gauge>,
    lag: Family<Labels<1>, Gauge<f64, AtomicU64>>,
    log_changes: Gauge,
    streams: Family<Labels<2>, Gauge>,
    gaps: Family<Labels<2>, Gauge>,
    sent: Family<Labels<1>, Counter>,
    sent_bytes: Family<Labels<1>, Counter>,
    received: Family<Labels<2>, Counter>,
    received_bytes: Family<Labels<1>, Counter>,
}

impl Metrics {
    /// Adds them to `registry`.
    pub fn register(&self, registry: &mut Registry) {
        let registry = registry.sub_registry_with_prefix("replication");
        let lag = "Changes of this replica that a peer has not acknowledged";
        registry.register("lag_changes", lag, self.lag_changes.clone());
        let lag = "The age of the oldest change of this replica that a peer has not acknowledged";
        registry.register_with_unit("lag", lag, Unit::Seconds, self.lag.clone());
        registry.register("log_changes", "Changes that the log holds", self.log_changes.clone());
        registry.register("streams", "Open streams, by peer and direction", self.streams.clone());
        let gaps = "1 where changes are missing that the sender's log no longer holds, by peer and direction";
        registry.register("gap", gaps, self.gaps.clone());
        registry.register("sent_changes", "Changes sent", self.sent.clone());
        registry.register_with_unit("sent", "Bytes of messages sent", Unit::Bytes, self.sent_bytes.clone());
        let received = "Changes received and on disk, by peer and what became of them";
        registry.register("received_changes", received, self.received.clone());
        let bytes = self.received_bytes.clone();
        registry.register_with_unit("received", "Bytes of messages received", Unit::Bytes, bytes);
    }

    /// How long the log is.
    pub fn log(&self, changes: u64) {
        self.log_changes.set(changes as i64);
    }

    /// How far behind a peer is.
    pub fn lag(&self, peer: ReplicaId, changes: u64, seconds: f64) {
        let label = [("peer", peer.to_string())];
        self.lag_changes.get_or_create(&label).set(changes as i64);
        self.lag.get_or_create(&label).set(seconds);
    }

    /// The peer is no longer a member: nobody waits for it.
    pub fn forget(&self, peer: ReplicaId) {
        let label = [("peer", peer.to_string())];
        self.lag_changes.remove(&label);
        self.lag.remove(&label);
    }

    /// A stream is open for as long as the value lives.
    pub fn open(&self, peer: ReplicaId, direction: Direction) -> OpenStream {
        let labels = [("peer", peer.to_string()), ("direction", direction.to_string())];
        let streams = self.streams.get_or_create(&labels).clone();
        streams.inc();
        OpenStream { streams, gap: self.gaps.get_or_create(&labels).clone() }
    }

    /// Messages went to a peer.
    pub fn sent(&self, peer: ReplicaId, changes: u64, bytes: usize) {
        let label = [("peer", peer.to_string())];
        self.sent.get_or_create(&label).inc_by(changes);
        self.sent_bytes.get_or_create(&label).inc_by(bytes as u64);
    }

    /// Messages came from a peer.
    pub fn received(&self, peer: ReplicaId, bytes: usize) {
        self.received_bytes.get_or_create(&[("peer", peer.to_string())]).inc_by(bytes as u64);
    }

    /// A change from a peer is on disk, or was found not to be needed.
    pub fn applied(&self, peer: ReplicaId, outcome: Applied) {
        let labels = [("peer", peer.to_string()), ("outcome", outcome.name().into())];
        self.received.get_or_create(&labels).inc();
    }
}

/// Which way the changes of a stream go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To the peer.
    Out,
    /// From the peer.
    In,
}

impl std::fmt::Display for Direction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Out => "out",
            Self::In => "in",
        })
    }
}

/// Counts as an open stream until it is dropped.
#[derive(Debug)]
pub struct OpenStream {
    streams: Gauge,
    gap: Gauge,
}

impl OpenStream {
    /// Sets whether changes are missing that the sender's log no longer holds. Returns whether that
    /// is new.
    pub fn gap(&self, missing: bool) -> bool {
        self.gap.set(missing.into()) != i64::from(missing)
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        self.streams.dec();
    }
}
