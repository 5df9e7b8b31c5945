//! Three real replicas behind proxies, and schedules that try to break them.

mod link;
mod network;
mod proxy;

pub use link::Link;
pub use network::Network;
pub use proxy::Proxy;
