//! Where a replica that knows nobody asks first.

use std::time::Duration;

use tokio::net::lookup_host;
use tokio::time::timeout;

/// How long a name may take to be resolved.
const LOOKUP_DEADLINE: Duration = Duration::from_secs(2);

/// The most addresses that are taken from one name.
const MAX_ADDRESSES: usize = 64;

/// Addresses of replicas that may know others.
#[derive(Debug, Clone, Default)]
pub struct Seeds {
    /// Addresses as they stand.
    pub list: Vec<String>,
    /// A host name and a port, for example "atoll:4400". What it resolves to changes as replicas come and go.
    pub dns: Option<String>,
    /// Whether the resolved addresses use TLS.
    pub tls: bool,
    /// Whether this replica begins a fleet once all of them have answered that they have none.
    pub bootstrap: bool,
}

impl Seeds {
    /// The current addresses. A name that cannot be resolved gives none: others may still answer.
    pub async fn addresses(&self) -> Vec<String> {
        let mut addresses = self.list.clone();
        if let Some(name) = &self.dns {
            let scheme = if self.tls { "https" } else { "http" };
            match timeout(LOOKUP_DEADLINE, lookup_host(name)).await {
                Ok(Ok(found)) => {
                    addresses.extend(found.take(MAX_ADDRESSES).map(|found| format!("{scheme}://{found}")));
                }
                Ok(Err(error)) => tracing::warn!(name, %error, "the seeds' name is not resolved"),
                Err(_) => tracing::warn!(name, "the seeds' name is not resolved in time"),
            }
        }
        addresses
    }
}
