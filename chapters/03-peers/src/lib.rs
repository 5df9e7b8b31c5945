//! Chapter 03: the replicas of a fleet know one another.
//!
//! Read the files in this order: `identity` and `directory` (who a replica is), `address` (where it is reached),
//! `entry`, `room`, `merged`, `table` and `listing` (who the others are), `roles` (who may call what), `hello` (what two replicas
//! check when they meet), `dial` and `pool` (channels), `retry`, `detector` (who is gone), `contact`, `seeds`, `peers`
//! with `exchange` and `expelled`, `past`, `ping`, `reached`, `join` and `pings` (all of that together, at work), `error` and `status` (what goes
//! wrong), `service` and `metrics` (what others see of it), `options`, `node` and `process` (the process).

mod address;
mod contact;
mod detector;
mod dial;
mod directory;
mod entry;
mod error;
mod exchange;
mod expelled;
mod hello;
mod identity;
mod join;
mod listing;
mod merged;
mod metrics;
mod node;
mod options;
mod past;
mod peers;
mod ping;
mod pings;
mod pool;
mod process;
mod reached;
mod retry;
mod roles;
mod room;
mod seeds;
mod service;
mod status;
mod table;

pub use crate::service::PeerService;
pub use detector::Detector;
pub use dial::{Dial, Dialing, TcpDial};
pub use entry::{Conflict, Known, NAMESPACE};
pub use error::Error;
pub use hello::{PROTOCOL, greet};
pub use identity::{FleetLine, Sources, identify};
pub use join::join;
pub use merged::{Merged, Standing, Teller};
pub use node::Node;
pub use options::{Options, seconds, whole_seconds};
pub use past::Account;
pub use peers::{Peers, Settings};
pub use pool::Pool;
pub use proto::peer::v1::Peer;
pub use retry::{Backoff, retry};
pub use roles::Role;
pub use seeds::Seeds;
pub use table::Table;
