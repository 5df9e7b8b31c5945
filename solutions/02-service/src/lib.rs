//! Chapter 02: the store behind gRPC.
//!
//! Read the files in this order: `error` (what a caller is told), `request` and
//! `access` (single reads and writes), `scan`, `batch` and `session` (streams),
//! `service` (all of it as the generated trait), `metrics` (what is counted of
//! each request). `wire` and `compatibility` are the lab: what protobuf's bytes
//! say, and which changes of a message old replicas survive.

mod access;
mod batch;
mod compatibility;
mod error;
mod metrics;
mod page_token;
mod request;
mod scan;
mod service;
mod session;
mod wire;

pub use batch::MAX_BATCH;
pub use compatibility::{Breach, breaches};
pub use error::Error;
pub use metrics::Metrics;
pub use prometheus_client::registry::Registry;
pub use service::Service;
pub use wire::{Field, Value, WireError, fields};
