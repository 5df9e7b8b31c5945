//! When the next session begins, and with whom.

use std::f64::consts::TAU;
use std::time::Duration;

use store::ReplicaId;

/// The standard deviation of the time between two sessions, as a fraction of its mean.
const SPREAD: f64 = 0.25;

/// Somebody to choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// Its id.
    pub replica: ReplicaId,
    /// Whether it is suspected of having failed.
    pub suspected: bool,
}

/// The times and the choices of one replica, all from one seed.
#[derive(Debug, Clone)]
pub struct Ticker {
    me: ReplicaId,
    mean: Duration,
    random: fastrand::Rng,
}

impl Ticker {
    /// For the replica `me`, with `mean` between two sessions.
    pub fn new(me: ReplicaId, mean: Duration, seed: u64) -> Self {
        Self { me, mean, random: fastrand::Rng::with_seed(seed) }
    }

    /// The time to the next session: normally distributed, never negative.
    ///
    /// From two uniform numbers (Box and Muller, "A Note on the Generation of Random Normal Deviates", 1958).
    pub fn pause(&mut self) -> Duration {
        // exercise 6.5: When, and with whom
        //
        // Replicas that were started together would otherwise begin their sessions together, forever. The pause
        // is normally distributed around `mean`, with a standard deviation of `SPREAD` times the mean.
        // `self.random.f64()` gives uniform numbers from 0, inclusive, to 1, exclusive. From two of them, u
        // and v with u above 0, Box and Muller make a normal one with mean 0 and deviation 1: the square root
        // of -2 ln u, times the cosine of 2 pi v (`TAU` is 2 pi). A normal number can be anything, and
        // `Duration::mul_f64` panics if the result would be negative.
        todo!("exercise 6.5: When, and with whom")
        // end exercise 6.5
    }

    /// One of the candidates, each equally likely.
    pub fn choose(&mut self, candidates: &[Candidate]) -> Option<ReplicaId> {
        // exercise 6.5, continued: with whom
        //
        // Each candidate is equally likely, except this replica itself and suspected ones, which
        // are never chosen. None if nobody is left. `self.random.choice` picks one of its
        // arguments.
        todo!("exercise 6.5: When, and with whom")
        // end exercise 6.5
    }
}
