//! The server around a gRPC service, so that a service is only its handlers.
//!
//! [`layers`] is what every request passes through, over any network: its request id and span, its
//! deadline, the gate that closes on shutdown. [`Server`] is the process around it: sockets, health,
//! reflection, the pages for Prometheus and Kubernetes, and an end in good order.

mod body;
mod connections;
mod deadline;
mod error;
mod gate;
mod handshakes;
mod health;
mod layers;
mod log;
mod observe;
mod pages;
mod panics;
mod server;
mod shutdown;
mod status;
mod stream;
mod words;

pub use error::Error;
pub use layers::layers;
pub use log::{LogFormat, log};
pub use observe::{Call, Observe};
pub use pages::Probe;
pub use server::{Config, Server};
pub use shutdown::Shutdown;
