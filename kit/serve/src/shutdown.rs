//! The end of the service, as a value that every part of it can hold.

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

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

    /// Begins the shutdown when the process is told to end: Ctrl-C, or SIGTERM on Unix. The task that
    /// listens ends when the shutdown begins, whoever began it.
    pub fn on_signal(&self) {
        let shutdown = self.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = told_to_end() => shutdown.begin(),
                () = shutdown.begun() => {}
            }
        });
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

#[cfg(unix)]
async fn told_to_end() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            () = interrupted() => {}
            _ = terminate.recv() => {}
        },
        Err(error) => {
            tracing::warn!(%error, "cannot listen for SIGTERM; only Ctrl-C ends this process in good order");
            interrupted().await;
        }
    }
}

#[cfg(not(unix))]
async fn told_to_end() {
    interrupted().await;
}

async fn interrupted() {
    if let Err(error) = tokio::signal::ctrl_c().await {
        tracing::warn!(%error, "cannot listen for Ctrl-C; this process ends only when it is killed");
        std::future::pending::<()>().await;
    }
}
