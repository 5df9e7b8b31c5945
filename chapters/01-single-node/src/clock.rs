//! The Lamport clock of a replica.

use crate::{Error, ReplicaId, Version};

/// A counter that is never behind a version that this replica wrote or saw.
///
/// It is a record on disk, read and written in the transaction of each write. So it goes back
/// neither in a crash nor over a restart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    counter: u64,
    replica: ReplicaId,
}

impl Clock {
    /// The clock of `replica`, standing at `counter`.
    pub fn new(counter: u64, replica: ReplicaId) -> Self {
        Self { counter, replica }
    }

    /// The latest counter that was given or seen; 0 where there was none.
    pub fn counter(&self) -> u64 {
        self.counter
    }

    /// A version later than all that this replica wrote or saw.
    ///
    /// # Errors
    /// Where the counter is at its last value.
    pub fn tick(&mut self) -> Result<Version, Error> {
        self.counter = self.counter.checked_add(1).ok_or(Error::ClockExhausted)?;
        Ok(Version { counter: self.counter, replica: self.replica })
    }

    /// Moves the clock on to a version that was seen, so that the next tick is later.
    pub fn observe(&mut self, version: Version) {
        self.counter = self.counter.max(version.counter);
    }
}
