//! The time of day: for people to read, never to decide between writes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A source of the time of day. Cheap to clone.
#[derive(Debug, Clone)]
pub struct WallClock(Source);

#[derive(Debug, Clone)]
enum Source {
    /// The machine's clock, shifted by this many seconds.
    System(i64),
    /// Milliseconds, moved on by hand; all clones show the same.
    Stepped(Arc<AtomicU64>),
}

impl WallClock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self::system_with_offset(0)
    }

    /// The machine's clock, shifted forward or back by this many seconds: to see what a wrong clock
    /// does.
    pub fn system_with_offset(seconds: i64) -> Self {
        Self(Source::System(seconds))
    }

    /// A clock for tests, which only moves when told to.
    pub fn stepped(since_1970: Duration) -> Self {
        Self(Source::Stepped(Arc::new(AtomicU64::new(since_1970.as_millis() as u64))))
    }

    /// A clock that shows what somebody else sets, in milliseconds since 1970.
    pub fn showing(millis: Arc<AtomicU64>) -> Self {
        Self(Source::Stepped(millis))
    }

    /// Advances a stepped clock, to the millisecond; does nothing to the machine's.
    pub fn step(&self, by: Duration) {
        if let Source::Stepped(millis) = &self.0 {
            millis.fetch_add(by.as_millis() as u64, Ordering::Relaxed);
        }
    }

    /// The time since the beginning of 1970, UTC.
    pub fn now(&self) -> Duration {
        match &self.0 {
            Source::System(offset) => {
                // A clock before 1970 has not been set; 0 says so.
                let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                let by = Duration::from_secs(offset.unsigned_abs());
                if *offset < 0 { now.saturating_sub(by) } else { now.saturating_add(by) }
            }
            Source::Stepped(millis) => Duration::from_millis(millis.load(Ordering::Relaxed)),
        }
    }
}
