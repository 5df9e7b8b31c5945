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

use crate::account::{Account, Exhausted};

/// How long an answer waits for memory: others on its connection read theirs, or nobody does.
const PATIENCE: Duration = Duration::from_secs(1);

/// The account of a request's connection. Over a network in memory there is none, and all may be held.
#[derive(Clone, Debug)]
pub struct Memory(Option<Account>);

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
    /// RESOURCE_EXHAUSTED, if the connection or the process holds too much already.
    pub fn hold(&self, bytes: usize) -> Result<Held, Status> {
        if let Some(account) = &self.0 {
            account.hold(bytes)?;
        }
        Ok(Held { memory: self.clone(), bytes: AtomicUsize::new(bytes) })
    }

    /// The same, but waits a little for others to give bytes back.
    ///
    /// # Errors
    /// RESOURCE_EXHAUSTED, if there still is no room.
    pub async fn wait_for(&self, bytes: usize) -> Result<Held, Status> {
        self.hold_in_time(bytes, PATIENCE).await
    }

    /// The same, but waits so long for others to give bytes back.
    pub(crate) async fn hold_in_time(&self, bytes: usize, patience: Duration) -> Result<Held, Status> {
        let late = Instant::now() + patience;
        loop {
            let Some(account) = &self.0 else { return self.hold(bytes) };
            let mut given_back = pin!(account.given_back());
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
        if let Some(account) = &self.memory.0 {
            match bytes.checked_sub(before) {
                Some(more) => account.hold(more)?,
                None => account.give_back(before - bytes),
            }
        }
        self.bytes.store(bytes, Relaxed);
        Ok(())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(account) = &self.memory.0 {
            account.give_back(*self.bytes.get_mut());
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::account::{Accounts, CONNECTION};

    #[tokio::test(start_paused = true)]
    async fn who_waits_for_memory_gets_it_when_some_is_given_back() {
        let accounts = Accounts::default();
        let mut extensions = Extensions::new();
        extensions.insert(accounts.open(CancellationToken::new()));
        let memory = Memory::of(&extensions);
        let most = memory.hold(CONNECTION).unwrap();
        assert!(memory.hold(1).is_err());
        let wait = Duration::from_secs(1);
        let begun = Instant::now();
        // Those who wait in vain do not wake each other.
        let (one, other) = tokio::join!(memory.hold_in_time(1, wait), memory.hold_in_time(1, wait));
        assert!(one.is_err() && other.is_err());
        assert_eq!(begun.elapsed(), wait);
        tokio::spawn(async move {
            tokio::time::sleep(wait / 2).await;
            most.shrink(0);
        });
        assert!(memory.hold_in_time(1, wait).await.is_ok());
        assert_eq!(accounts.held(), 0);
    }
}
