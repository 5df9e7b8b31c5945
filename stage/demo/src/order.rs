//! A command on its way to its executor.

use tokio::sync::oneshot;

use crate::command::Command;
use crate::refused::Refused;

/// What came of a command, in a line.
pub type Done = Result<String, Refused>;

/// The channel for a command's result.
pub type Answer = oneshot::Sender<Done>;

/// A command, and the channel for its result.
#[derive(Debug)]
pub struct Order {
    /// What is to be done.
    pub command: Command,
    /// What came of it.
    pub answer: Answer,
}

impl Order {
    /// An order, and its future result, which never arrives if the executor is gone.
    pub fn new(command: Command) -> (Self, oneshot::Receiver<Done>) {
        let (answer, answered) = oneshot::channel();
        (Self { command, answer }, answered)
    }
}
