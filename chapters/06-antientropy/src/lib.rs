//! Chapter 06: anti-entropy. Two replicas compare what they hold, and each gets what it lacks.
//!
//! Read the files in this order: `message` (the messages), `initiator` and `remote` (the two ends of a
//! session, without I/O), `audit` (what must hold for every session), `ticker` (when, and with whom), `pass`
//! (how far the comparison with each peer has got), `followed` (the same on the other side), `shown` (how far
//! the other's claims are believed). The rest connects them to streams and to the store: `session` and
//! `answer` are the two ends at work, with `heads`, `pull` and `gather`; `anti_entropy` begins sessions,
//! `service` answers them, as many as there are `slots`; `tally` and `metrics` count.

mod answer;
mod anti_entropy;
mod audit;
mod error;
mod followed;
mod gather;
mod heads;
mod initiator;
mod message;
mod metrics;
mod options;
mod pass;
mod pull;
mod remote;
mod service;
mod session;
mod shown;
mod slots;
mod tally;
mod ticker;

pub use anti_entropy::{AntiEntropy, Limits, SESSIONS};
pub use audit::Audit;
pub use error::Error;
pub use initiator::{CHUNK, Initiator, Next};
pub use message::{Head, Message, Side, describe};
pub use metrics::Metrics;
pub use options::Options;
pub use pass::Pass;
pub use remote::{Heard, MAX_SLICE, Remote, Reply};
pub use service::Service;
pub use slots::PEER_SESSIONS;
pub use tally::Tally;
pub use ticker::{Candidate, Ticker};
