//! The process's own metrics, and what it watches by itself.

use std::fmt;
use std::time::{Duration, SystemTime};

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Unit;
use serve::Shutdown;
use tls::Tls;
use tokio::runtime::Handle;
use tokio::time::sleep;

/// How often the TLS files are checked without a handshake: connections between replicas last for
/// weeks.
const LOOK: Duration = Duration::from_secs(60);

/// The process of a replica.
#[derive(Debug)]
pub struct Process {
    pub tls: Option<Tls>,
}

impl Collector for Process {
    fn encode(&self, mut page: DescriptorEncoder) -> fmt::Result {
        // One that only grows is a leak.
        let help = "Asynchronous tasks that have not ended";
        let tasks = Handle::try_current().map_or(0, |handle| handle.metrics().num_alive_tasks());
        let gauge = page.encode_descriptor("tasks", help, None, MetricType::Gauge)?;
        ConstGauge::new(tasks as i64).encode(gauge)?;
        if let Some(expires) = self.tls.as_ref().and_then(Tls::expires) {
            let help = "When the TLS certificate of this replica ends, in seconds since 1970";
            let name = "tls_certificate_expires_timestamp";
            let gauge = page.encode_descriptor(name, help, Some(&Unit::Seconds), MetricType::Gauge)?;
            let since_1970 = expires.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
            ConstGauge::new(since_1970.as_secs() as i64).encode(gauge)?;
        }
        Ok(())
    }
}

/// Checks the TLS files periodically, until the shutdown begins: so the log reports new ones, and
/// the metrics their expiry, before the next handshake needs them.
pub async fn look_at(tls: Option<Tls>, shutdown: &Shutdown) {
    let Some(tls) = tls else { return };
    loop {
        tokio::select! {
            () = shutdown.begun() => return,
            () = sleep(LOOK) => tls.look().await,
        }
    }
}
