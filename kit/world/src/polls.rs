//! The death of a process between two polls of its tasks.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};

/// No number is so large.
const NEVER: u64 = u64::MAX;

/// How many polls of tasks are left to a process. All runs on one thread; tokio asks for more.
///
/// A runtime looks at what it was told to wait for after each poll of a task, where its event interval is 1 and that
/// was woken. So it is woken by the last poll alone, and the rest costs nothing.
#[derive(Clone)]
pub struct Polls(Arc<(AtomicU64, Mutex<Option<Waker>>)>);

impl Default for Polls {
    fn default() -> Self {
        Self(Arc::new((AtomicU64::new(NEVER), Mutex::default())))
    }
}

impl Polls {
    /// That many more are left. Where tokio tells of none, it is over at once.
    pub fn leave(&self, polls: u64) {
        let polls = if cfg!(tokio_unstable) { polls } else { 0 };
        self.0.0.store(polls, Ordering::Relaxed);
    }

    pub fn are_over(&self) -> bool {
        self.0.0.load(Ordering::Relaxed) == 0
    }

    /// Tells of the next one.
    #[cfg(tokio_unstable)]
    pub fn count(&self) {
        let left = self.0.0.load(Ordering::Relaxed);
        if left == NEVER || left == 0 {
            return;
        }
        self.leave(left - 1);
        if left == 1 {
            let waker = self.0.1.lock().unwrap_or_else(PoisonError::into_inner).take();
            waker.into_iter().for_each(Waker::wake);
        }
    }

    /// What `future` comes to; None where the polls are over before.
    pub async fn until_over<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        let mut future = std::pin::pin!(future);
        std::future::poll_fn(|context| {
            if self.are_over() {
                return Poll::Ready(None);
            }
            *self.0.1.lock().unwrap_or_else(PoisonError::into_inner) = Some(context.waker().clone());
            future.as_mut().poll(context).map(Some)
        })
        .await
    }
}
