//! What is counted of the peers.

use std::fmt;
use std::time::Duration;

use ::service::Registry;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Unit;
use proto::peer::v1::PingResponse;
use proto::peer::v1::peer_status::Health;

use crate::ping::is_refusal;
use crate::{Error, Merged, Peers};

/// The pings, by outcome. Clones count together.
#[derive(Clone, Default)]
pub struct Metrics {
    pings: Family<[(&'static str, &'static str); 1], Counter>,
    not_taken: Family<[(&'static str, &'static str); 1], Counter>,
}

impl Metrics {
    /// Adds these, and what `view` reports at each scrape, to a page.
    pub fn register(&self, registry: &mut Registry, view: View) {
        registry.register("peer_pings", "Pings of peers, by what they came to", self.pings.clone());
        let help = "Entries of peer tables that were not taken in, by why";
        registry.register("peer_entries_not_taken", help, self.not_taken.clone());
        registry.register_collector(Box::new(view));
    }

    /// A table was merged, as far as it was accepted.
    pub fn not_taken(&self, merged: &Merged) {
        for (why, count) in [("not_a_member", merged.ignored), ("no_room", merged.no_room)] {
            if count > 0 {
                self.not_taken.get_or_create(&[("why", why)]).inc_by(count as u64);
            }
        }
    }

    /// A ping ended.
    pub fn pinged(&self, outcome: &Result<(PingResponse, Duration), Error>) {
        let outcome = match outcome {
            Ok(_) => "answered",
            Err(error) if is_refusal(error.code()) => "refused",
            Err(_) => "failed",
        };
        self.pings.get_or_create(&[("outcome", outcome)]).inc();
    }
}

/// The peers at the time of each scrape: nothing has to be maintained, and removed ones disappear.
pub struct View(pub Peers);

impl Collector for View {
    fn encode(&self, mut page: DescriptorEncoder) -> fmt::Result {
        let (contacts, now) = (self.0.contacts(), self.0.now());
        let mut peers =
            page.encode_descriptor("peers", "Other replicas, by health", None, MetricType::Gauge)?;
        for health in [Health::Alive, Health::Suspect, Health::Unknown, Health::Refused] {
            let count = contacts.values().filter(|contact| contact.health(now) == health).count();
            let labels = [("health", name(health))];
            ConstGauge::new(count as i64).encode(peers.encode_family(&labels)?)?;
        }
        let help = "The round-trip time of the last answered ping";
        let mut times =
            page.encode_descriptor("peer_round_trip", help, Some(&Unit::Seconds), MetricType::Gauge)?;
        for (replica, contact) in &*contacts {
            if let Some(time) = contact.round_trip {
                ConstGauge::new(time.as_secs_f64()).encode(times.encode_family(&[("peer", replica.0)])?)?;
            }
        }
        let help = "How strongly a peer is suspected to be gone: phi, 8 is a suspicion";
        let mut phis = page.encode_descriptor("peer_suspicion", help, None, MetricType::Gauge)?;
        for (replica, contact) in &*contacts {
            let phi = contact.detector.phi(now);
            ConstGauge::new(phi).encode(phis.encode_family(&[("peer", replica.0)])?)?;
        }
        Ok(())
    }
}

impl fmt::Debug for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("View")
    }
}

/// "alive" for HEALTH_ALIVE.
fn name(health: Health) -> String {
    let name = health.as_str_name();
    name.strip_prefix("HEALTH_").unwrap_or(name).to_lowercase()
}
