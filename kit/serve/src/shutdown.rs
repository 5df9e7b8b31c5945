//! The end of the service, as a value that every part of it can hold.

use std::io;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

use crate::error::Error;

/// Whether the service is shutting down, and which requests are still in flight. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Shutdown {
    begun: CancellationToken,
    in_flight: TaskTracker,
}

impl Shutdown {
    /// A service that runs.
    pub fn new() -> Self {
        Self::default()
    }

    /// A service that runs until the process is told to end: Ctrl-C, or SIGTERM on Unix. The task that
    /// listens ends when the shutdown begins, whoever began it.
    ///
    /// # Errors
    /// If the operating system lets this process listen to no signals.
    pub fn on_signal() -> Result<Self, Error> {
        let shutdown = Self::new();
        let told = signals().map_err(Error::Signals)?;
        let listening = shutdown.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = told => listening.begin(),
                () = listening.begun() => {}
            }
        });
        Ok(shutdown)
    }

    /// Begins the shutdown. To begin it again changes nothing.
    pub fn begin(&self) {
        self.begun.cancel();
        self.in_flight.close();
    }

    /// Whether the shutdown has begun.
    pub fn has_begun(&self) -> bool {
        self.begun.is_cancelled()
    }

    /// Waits for the shutdown to begin.
    pub async fn begun(&self) {
        self.begun.cancelled().await;
    }

    /// Lets a request in; nothing once the shutdown has begun. The request is in flight for as long as
    /// the token is held.
    pub(crate) fn enter(&self) -> Option<TaskTrackerToken> {
        // The token comes first: the other way round, a shutdown could begin and find nothing in
        // flight between the question and the token.
        let token = self.in_flight.token();
        (!self.has_begun()).then_some(token)
    }

    /// Waits for the shutdown to have begun and the last request to have ended.
    pub(crate) async fn idle(&self) {
        self.in_flight.wait().await;
    }

    /// How many requests are in flight.
    pub(crate) fn in_flight(&self) -> usize {
        self.in_flight.len()
    }
}

/// Listens from now on; the future ends with the first signal.
#[cfg(unix)]
fn signals() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Listens from now on; the future ends with the first signal.
#[cfg(windows)]
fn signals() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}
