//! The metrics of sessions.

use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};
use proto::antientropy::v1::SessionReport;

use crate::Side;

/// The labels of a metric: names and values.
type Labels<const N: usize> = [(&'static str, &'static str); N];

/// The metrics of anti-entropy. Cheap to clone; all clones count together.
#[derive(Debug, Clone)]
pub struct Metrics {
    sessions: Family<Labels<2>, Counter>,
    duration: Family<Labels<1>, Histogram>,
    phases: Family<Labels<2>, Histogram>,
    checked: Family<Labels<1>, Counter>,
    pushed: Family<Labels<1>, Counter>,
    pulled: Family<Labels<1>, Counter>,
    stomps: Family<Labels<1>, Counter>,
    skips: Family<Labels<1>, Counter>,
    bytes: Family<Labels<2>, Counter>,
}

impl Default for Metrics {
    fn default() -> Self {
        // From a millisecond, a session between neighbours with little to send, to a minute.
        let seconds = || Histogram::new(exponential_buckets(0.001, 2.0, 17));
        Self {
            sessions: Family::default(),
            duration: Family::new_with_constructor(seconds),
            phases: Family::new_with_constructor(seconds),
            checked: Family::default(),
            pushed: Family::default(),
            pulled: Family::default(),
            stomps: Family::default(),
            skips: Family::default(),
            bytes: Family::default(),
        }
    }
}

impl Metrics {
    /// Puts the metrics on the page of `registry`.
    pub fn register(&self, registry: &mut Registry) {
        let registry = registry.sub_registry_with_prefix("sync");
        let counters = [
            ("versions_checked", "Versions that were compared, by side", &self.checked),
            ("objects_pushed", "Objects that were sent, by side", &self.pushed),
            ("objects_pulled", "Objects that were received and stored, by side", &self.pulled),
            ("stomps", "Writes that lost against a concurrent one, by side", &self.stomps),
            ("skips", "Objects that were received and not needed, by side", &self.skips),
        ];
        for (name, help, counter) in counters {
            registry.register(name, help, counter.clone());
        }
        registry.register("sessions", "Sessions that ended, by side and outcome", self.sessions.clone());
        let (duration, phases, bytes) = (self.duration.clone(), self.phases.clone(), self.bytes.clone());
        let all = "From the first message to the end, by side";
        registry.register_with_unit("session_duration", all, Unit::Seconds, duration);
        registry.register_with_unit("phase_duration", "By side and phase", Unit::Seconds, phases);
        registry.register_with_unit(
            "message",
            "Bytes of messages, by side and direction",
            Unit::Bytes,
            bytes,
        );
    }

    /// A phase of a session has ended.
    pub(crate) fn phase(&self, side: Side, phase: &'static str, took: Duration) {
        self.phases.get_or_create(&[("side", side.name()), ("phase", phase)]).observe(took.as_secs_f64());
    }

    /// A session has ended.
    pub(crate) fn ended(&self, side: Side, outcome: &'static str, took: Duration, report: &SessionReport) {
        let side = ("side", side.name());
        self.sessions.get_or_create(&[side, ("outcome", outcome)]).inc();
        self.duration.get_or_create(&[side]).observe(took.as_secs_f64());
        let counted = [
            (&self.checked, report.checked),
            (&self.pushed, report.pushed),
            (&self.pulled, report.pulled),
            (&self.stomps, report.stomps),
            (&self.skips, report.skips),
        ];
        for (family, count) in counted {
            family.get_or_create(&[side]).inc_by(count);
        }
        self.bytes.get_or_create(&[side, ("direction", "sent")]).inc_by(report.bytes_sent);
        self.bytes.get_or_create(&[side, ("direction", "received")]).inc_by(report.bytes_received);
    }
}
