//! The options of a replica's anti-entropy.

use std::time::Duration;

/// The options of anti-entropy. Everything can also come from the environment.
#[derive(clap::Args, Clone, Debug)]
// Each layer has its `Options`; clap names a group after the type, and no two may have one name.
#[group(id = "anti_entropy")]
pub struct Options {
    /// The mean time between two sessions with other replicas, in seconds
    #[arg(long, env = "ATOLL_SYNC_INTERVAL", default_value = "60", value_name = "SECONDS", value_parser = peers::seconds)]
    pub sync_interval: Duration,
    /// Begin no sessions; only answer those of other replicas
    #[arg(long, env = "ATOLL_NO_ANTI_ENTROPY")]
    pub no_anti_entropy: bool,
    /// How long a session may take, in seconds
    #[arg(long, env = "ATOLL_SESSION_LIMIT", default_value_t = 30, value_name = "SECONDS", value_parser = peers::whole_seconds, hide = true)]
    pub session_limit: u64,
}
