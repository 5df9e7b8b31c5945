//! The memory of requests: bytes that have come or are to go, and are not done with.
//!
//! A client that does not read its answers, or does not end its requests, costs memory for as long as it likes.
//! So every byte counts, for its connection and for the whole process, from when it is here until it is in the
//! socket or the request is answered.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use tokio::time::{Instant, timeout_at};
use tonic::{Extensions, Status};

use crate::seats::Seat;

/// What one connection may hold.
pub(crate) const CONNECTION: usize = 64 << 20;

/// What all connections may hold together.
pub(crate) const PROCESS: usize = 256 << 20;

/// So much a connection may hold even when the process holds all that it may: members ask each other how they are.
pub(crate) const SMALL: usize = 4 * REQUEST;

/// What a request takes besides its bytes: its task, its headers, a channel. An open session of which nothing is
/// said took 17 KiB when it was measured.
pub(crate) const REQUEST: usize = 16 << 10;

/// How long an answer waits for memory: others on its connection read theirs, or nobody does.
const PATIENCE: Duration = Duration::from_secs(1);

/// Why nothing more is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Exhausted {
    #[error(
        "this connection has {} MiB of answers that were not read and requests that did not end, and gets no more; \
         read what comes, and have fewer requests under way at a time",
        CONNECTION >> 20
    )]
    Connection,
    #[error(
        "the clients of this replica have {} MiB of answers that were not read and requests that did not end, and \
         get no more; try again in a moment, or ask another replica",
        PROCESS >> 20
    )]
    Process,
}

impl From<Exhausted> for Status {
    fn from(error: Exhausted) -> Self {
        Self::resource_exhausted(error.to_string())
    }
}

/// The account of a request's connection. Over a network in memory there is none, and all may be held.
#[derive(Clone, Debug)]
pub struct Memory(Option<Seat>);

impl Memory {
    /// The account of the request with these extensions.
    pub fn of(extensions: &Extensions) -> Self {
        Self(extensions.get().cloned())
    }

    pub(crate) fn of_request(extensions: &axum::http::Extensions) -> Self {
        Self(extensions.get().cloned())
    }

    /// Counts `bytes` until what is returned is dropped.
    ///
    /// # Errors
    /// RESOURCE_EXHAUSTED, where the connection or the process holds too much already.
    pub fn hold(&self, bytes: usize) -> Result<Held, Status> {
        if let Some(seat) = &self.0 {
            seat.hold(bytes)?;
        }
        Ok(Held { memory: self.clone(), bytes: AtomicUsize::new(bytes) })
    }
}

impl Memory {
    /// The same, but waits a little for others to give bytes back.
    ///
    /// # Errors
    /// RESOURCE_EXHAUSTED, where there still is no room.
    pub async fn wait_for(&self, bytes: usize) -> Result<Held, Status> {
        self.hold_in_time(bytes, PATIENCE).await
    }

    /// The same, but waits so long for others to give bytes back.
    pub(crate) async fn hold_in_time(&self, bytes: usize, patience: Duration) -> Result<Held, Status> {
        let late = Instant::now() + patience;
        loop {
            let Some(seat) = &self.0 else { return self.hold(bytes) };
            let mut given_back = pin!(seat.given_back());
            // From here on nothing is missed.
            given_back.as_mut().enable();
            match self.hold(bytes) {
                Err(_) if timeout_at(late, given_back).await.is_ok() => {}
                outcome => return outcome,
            }
        }
    }
}

/// Bytes that count until this is dropped. Clones of the `Arc` around it are the same bytes.
#[derive(Debug)]
pub struct Held {
    memory: Memory,
    bytes: AtomicUsize,
}

impl Held {
    /// Holds `bytes` from now on, if that is less.
    pub fn shrink(&self, bytes: usize) {
        // To hold less is never refused.
        let _ = self.resize(bytes.min(self.bytes.load(Relaxed)));
    }

    /// Holds `bytes` from now on, instead of what it held. One task at a time calls this.
    pub(crate) fn resize(&self, bytes: usize) -> Result<(), Exhausted> {
        let before = self.bytes.load(Relaxed);
        if let Some(seat) = &self.memory.0 {
            match bytes.checked_sub(before) {
                Some(more) => seat.hold(more)?,
                None => seat.give_back(before - bytes),
            }
        }
        self.bytes.store(bytes, Relaxed);
        Ok(())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(seat) = &self.memory.0 {
            seat.give_back(*self.bytes.get_mut());
        }
    }
}

/// Something with the bytes that it counts for.
pub(crate) struct Counted<T> {
    pub(crate) content: T,
    pub(crate) _held: Arc<Held>,
}

impl<T: AsRef<[u8]>> AsRef<[u8]> for Counted<T> {
    fn as_ref(&self) -> &[u8] {
        self.content.as_ref()
    }
}
