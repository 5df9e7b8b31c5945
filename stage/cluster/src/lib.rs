//! Three real replicas behind proxies, and schedules that try to break them.

mod bench;
mod cluster;
mod figures;
mod growth;
mod guard;
mod latency;
mod limits;
mod lines;
mod link;
mod load;
mod log;
pub mod make;
mod network;
pub mod page;
mod process;
mod proxy;
mod report;
mod run;
mod signals;

pub use bench::bench;
pub use cluster::Cluster;
pub use growth::grow;
pub use link::Link;
pub use network::Network;
pub use process::Replica;
pub use proxy::Proxy;
pub use report::Report;
pub use run::run;
pub use signals::told_to_end;
