//! A command on its way to whoever carries it out.

use tokio::sync::oneshot;

use crate::command::Command;
use crate::refused::Refused;

/// What came of a command, in a line.
pub type Done = Result<String, Refused>;

/// Where it is told what came of a command.
pub type Answer = oneshot::Sender<Done>;

/// A command, and where what came of it is told.
#[derive(Debug)]
pub struct Order {
    /// What is to be done.
    pub command: Command,
    /// What came of it.
    pub answer: Answer,
}

impl Order {
    /// An order, and what will come of it. That never comes where whoever carries it out has gone.
    pub fn new(command: Command) -> (Self, oneshot::Receiver<Done>) {
        let (answer, answered) = oneshot::channel();
        (Self { command, answer }, answered)
    }
}
