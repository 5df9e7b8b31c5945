//! The messages between replicas: told as events, and drawn as a diagram.
//!
//! A stream between two replicas is held by its two halves, [`Outgoing`] and [`Incoming`]. Each tells what
//! passes as [`tracing`] events with the target [`TARGET`]: a test's [`Recorder`] makes a [`Transcript`] of
//! them, a process writes them to its log, and [`Transcript::from_log`] reads the logs of several processes;
//! a [`LogReader`] does so while they grow.

mod answers;
mod change;
mod diagram;
mod follow;
mod log;
mod outbox;
mod recorder;
mod room;
mod row;
mod stream;
mod tell;
mod transcript;

pub use answers::Answers;
pub use change::{Change, MessageId, Sending};
pub use log::LogReader;
pub use outbox::Outbox;
pub use recorder::Recorder;
pub use room::Room;
pub use stream::{Closed, Ends, Incoming, Outgoing};
pub use tell::TARGET;
pub use transcript::{Message, Transcript};
