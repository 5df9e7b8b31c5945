//! Who is suspected to be gone.
//!
//! Nobody can tell a dead replica from a slow one. What can be told is how surprising its silence is, given
//! how it answered so far: phi (Hayashibara, Défago, Yared, Katayama, "The φ Accrual Failure Detector",
//! 2004, section 4). At phi 1 the silence is one that a healthy replica shows once in 10 times, at phi 8
//! once in 10^8.

use std::collections::VecDeque;
use std::time::Duration;

/// How many intervals are remembered.
const WINDOW: usize = 100;

/// The phi from which on a replica is suspected.
const THRESHOLD: f64 = 8.0;

/// How often a replica that was suspected has to be heard, without another suspicion between, until it is
/// trusted again.
const TRUSTED_AFTER: u32 = 3;

/// Watches one replica. It holds no clock: times are given, counted from any one moment.
#[derive(Debug, Clone)]
pub struct Detector {
    /// The interval at which the replica should be heard, in seconds.
    expected: f64,
    /// The last intervals between answers, in seconds, the newest last.
    intervals: VecDeque<f64>,
    /// When the replica was heard last; at first, when the watch began.
    last: Duration,
    /// How often it still has to be heard until it is trusted; 0: it is.
    distrust: u32,
}

impl Detector {
    /// Watches from `now` on a replica that should be heard once in each `expected`.
    pub fn new(now: Duration, expected: Duration) -> Self {
        Self { expected: expected.as_secs_f64(), intervals: VecDeque::new(), last: now, distrust: 0 }
    }

    /// The replica was heard.
    pub fn heard(&mut self, now: Duration) {
        // exercise 3.5: Suspect who is unusually silent
        //
        // The time since it was heard last is a new sample for the window, which keeps the latest
        // `WINDOW` of them. But an interval that ended in a suspicion (phi has reached `THRESHOLD`) is
        // no sample of how a healthy replica answers: a replica that comes and goes would teach its
        // detector that to be gone is usual. After such an interval the replica has to be heard
        // `TRUSTED_AFTER` times, this one included, each without another suspicion between, before it
        // is trusted; `distrust` counts them down.
        todo!("exercise 3.5: Suspect who is unusually silent")
        // end exercise 3.5
    }

    /// How surprising the silence is: -log10 of the probability that the next answer comes later still.
    pub fn phi(&self, now: Duration) -> f64 {
        // exercise 3.5, continued: how surprising is the silence
        //
        // Take the mean of the window and its standard deviation; where there is no sample yet, the
        // mean is what was `expected`. The deviation has a floor of half the expected interval: a
        // replica that answered like a clock may lose a packet or two all the same. Then `later` gives
        // phi for a silence that is so many deviations longer than the mean (or, below 0, shorter).
        todo!("exercise 3.5: Suspect who is unusually silent")
        // end exercise 3.5
    }

    /// Whether the replica is suspected: it is silent for too long, or was, and is not trusted again yet.
    pub fn suspects(&self, now: Duration) -> bool {
        // exercise 3.5, continued: whom not to trust
        todo!("exercise 3.5: Suspect who is unusually silent")
        // end exercise 3.5
    }

    /// The one who watches was asleep for so long: silence in that time says nothing.
    pub fn slept(&mut self, time: Duration) {
        // exercise 3.5, continued: it was I who slept
        //
        // A process that was stopped for a minute finds all its peers silent for a minute. Count the
        // silence as if that time had not been.
        todo!("exercise 3.5: Suspect who is unusually silent")
        // end exercise 3.5
    }
}

/// -log10 of the probability that a value of the normal distribution is more than `deviations` above the
/// mean.
///
/// It goes by the logistic curve that lies within 0.00014 of the normal one (Bowling et al., "A logistic
/// approximation to the cumulative normal distribution", 2009). Far out the error of the
/// ratio is larger, which moves the threshold a little, and nothing else.
fn later(deviations: f64) -> f64 {
    let x = deviations * (1.5976 + 0.07056 * deviations * deviations);
    // log10(1 + e^x), without the overflow of e^x.
    (x.max(0.0) + (-x.abs()).exp().ln_1p()) / std::f64::consts::LN_10
}
