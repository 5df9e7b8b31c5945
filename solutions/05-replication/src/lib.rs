//! Chapter 05: a replica sends the writes of its own clients to each peer.
//!
//! Read the files in this order: `record` and `log` (what is to be sent) with `mend` (repairs), `receiver`
//! and `sender` (the two sides of a stream, as state machines), `session` (a stream at work) with
//! `sending` and `receiving` (its two ends), `stream` (opened and reopened) and `server` (accepted),
//! `replicator` and `upkeep` (all streams), `metrics`.

mod acknowledged;
mod error;
mod latest;
mod log;
mod mend;
mod metrics;
mod options;
mod receiver;
mod receiving;
mod record;
mod replicator;
mod sender;
mod sending;
mod server;
mod session;
mod stream;
mod upkeep;
mod words;

pub use error::Error;
pub use log::{Change, Lag, Log, Page};
pub use metrics::Metrics;
pub use options::Options;
pub use receiver::{Batch, CREDIT, Done, Receiver};
pub use record::{Entry, Place};
pub use replicator::Replicator;
pub use sender::Sender;
pub use words::{request, response};
