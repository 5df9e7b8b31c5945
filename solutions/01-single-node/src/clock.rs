//! The Lamport clock of a replica.

use crate::{Error, ReplicaId, Version};

/// How far ahead of the clock a counter may be and still be believed: 2^40.
///
/// Working replicas never make so many writes between two contacts: at one store's 15,000 a second
/// they take two years.
pub const MAX_AHEAD: u64 = 1 << 40;

/// Which part of a clock's remaining range one version may use up: a four-millionth. However many
/// are wrong, something is always left.
const PART: u64 = 1 << 22;

/// The largest counter at which a newcomer begins: 2^62. Three times as many are left above it.
const MAX_BEGIN: u64 = 1 << 62;

/// A counter that is never behind a version that this replica wrote or saw.
///
/// It is a record on disk, read and written in the transaction of each write. So neither a crash
/// nor a restart sets it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    counter: u64,
    replica: ReplicaId,
}

impl Clock {
    /// The clock of `replica`, at `counter`.
    pub fn new(counter: u64, replica: ReplicaId) -> Self {
        Self { counter, replica }
    }

    /// The latest counter that was given or seen; 0 if there was none.
    pub fn counter(&self) -> u64 {
        self.counter
    }

    /// A version later than all that this replica wrote or saw.
    ///
    /// # Errors
    /// If the counter is at its last value.
    pub fn tick(&mut self) -> Result<Version, Error> {
        self.counter = self.counter.checked_add(1).ok_or(Error::ClockExhausted)?;
        Ok(Version { counter: self.counter, replica: self.replica })
    }

    // ANCHOR: observe
    /// Advances the clock to a version that was seen, so that the next tick is later. False if that
    /// is too far ahead to be true: then the clock stays. A clock never goes back, so one wrong
    /// counter that is believed stays forever.
    #[must_use]
    pub fn observe(&mut self, version: Version) -> bool {
        let believed = self.believes(version);
        if believed {
            self.counter = self.counter.max(version.counter);
        }
        believed
    }

    /// Whether a version can be true, as far as this clock can tell.
    pub fn believes(&self, version: Version) -> bool {
        let (ahead, left) = (version.counter.saturating_sub(self.counter), u64::MAX - self.counter);
        ahead <= MAX_AHEAD.min(left / PART)
    }
    // ANCHOR_END: observe

    /// Advances the clock to the clocks of a fleet, however far that is. False if no clock can be
    /// there. For a replica that has just joined, through one that its operator named.
    #[must_use]
    pub fn begin_at(&mut self, version: Version) -> bool {
        let believed = version.counter <= MAX_BEGIN;
        if believed {
            self.counter = self.counter.max(version.counter);
        }
        believed
    }
}
