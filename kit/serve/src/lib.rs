//! The server around a gRPC service, so that a service is only its handlers.
//!
//! [`layers`] is what every request passes through, over any network: its request id and span, its
//! deadline, the gate that closes on shutdown. [`guard`] asks a rule who may call what. [`Server`] is the process around it: sockets, health,
//! reflection, the pages for Prometheus and Kubernetes, and a graceful shutdown.

mod account;
mod body;
mod bytes;
mod caller;
mod channel;
mod connections;
mod deadline;
mod descriptors;
mod error;
mod floods;
mod form;
mod formats;
mod gate;
mod guard;
mod handshakes;
mod health;
mod layers;
mod log;
mod memory;
mod observe;
mod pages;
mod panics;
mod process;
mod seat;
mod seats;
mod seldom;
mod server;
mod shutdown;
mod status;
mod stream;
mod words;

pub use caller::Caller;
pub use channel::{Answering, Answers, Gone};
pub use error::Error;
pub use guard::{Rule, guard};
pub use layers::layers;
pub use log::{LogFormat, failed, log};
pub use memory::{Held, Memory};
pub use observe::{Call, Observe};
pub use pages::Probe;
pub use seldom::Seldom;
pub use server::{Config, Server};
pub use shutdown::Shutdown;
pub use tls::Holder;
