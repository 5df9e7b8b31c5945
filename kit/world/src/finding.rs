//! What came of a seed, as it is written down: one JSON document, which the live page can play.

use serde::{Deserialize, Serialize};

use crate::schedule::Schedule;
use crate::shrink::Shrunk;

/// What came of a seed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The seed.
    pub seed: u64,
    /// What it broke; nothing where it passed.
    pub broken: Vec<Broken>,
    /// What was done to the fleet.
    pub schedule: Schedule,
    /// The shortest schedule that breaks the first of these promises, where one was looked for.
    pub shortest: Option<Shrunk>,
    /// What was counted in the run of the whole schedule.
    pub figures: Figures,
}

/// A promise that was broken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Broken {
    /// The invariant in words.
    pub promise: String,
    /// The facts that break it, a line each.
    pub facts: Vec<String>,
}

/// What was counted in a run. It is the same in each run of the seed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Writes and deletes that clients sent.
    pub writes: usize,
    /// Those that were acknowledged.
    pub acknowledged: usize,
    /// Messages between replicas that were sent.
    pub messages: usize,
    /// How long the replicas took to agree after the last fault, in milliseconds of virtual time; none where they
    /// did not.
    pub agreed_after: Option<u64>,
}
