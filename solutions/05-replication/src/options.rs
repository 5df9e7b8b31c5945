//! The options of replication.

/// The options of replication.
#[derive(clap::Args, Clone, Debug)]
// Each layer has its `Options`; clap names a group after the type, and no two may have one name.
#[group(id = "replication")]
pub struct Options {
    /// How many changes the log holds, 1 or more; a peer that lacks more needs anti-entropy
    #[arg(long, env = "ATOLL_LOG_CHANGES", default_value_t = 100_000, value_name = "CHANGES", value_parser = clap::value_parser!(u64).range(1..))]
    pub log_changes: u64,
    /// How often the log is cut and tombstones are collected, in seconds
    #[arg(long, env = "ATOLL_CLEANING_INTERVAL", value_name = "SECONDS", value_parser = peers::whole_seconds, hide = true)]
    pub cleaning_interval: Option<u64>,
}
