//! Three real replicas behind proxies, and schedules that try to break them.

pub mod facts;
pub mod invariants;
mod link;
mod network;
mod proxy;
pub mod schedule;

pub use link::Link;
pub use network::Network;
pub use proxy::Proxy;
