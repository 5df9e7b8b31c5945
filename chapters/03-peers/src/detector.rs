//! Which replicas are suspected to have failed.
//!
//! Nobody can tell a dead replica from a slow one. But one can tell how surprising its silence is, given
//! how it has answered so far: phi (Hayashibara, Défago, Yared, Katayama, "The φ Accrual Failure
//! Detector", 2004, section 4). At phi 1 a healthy replica is silent for that long once in 10 times, at
//! phi 8 once in 10^8.

use std::collections::VecDeque;
use std::time::Duration;

/// How many intervals are remembered.
const WINDOW: usize = 100;

/// The phi at which a replica is suspected.
const THRESHOLD: f64 = 8.0;

/// How many times a suspected replica has to answer, without another suspicion in between, until it
/// is trusted again.
const TRUSTED_AFTER: u32 = 3;

/// Watches one replica. It has no clock: times are passed in, counted from any fixed moment.
#[derive(Debug, Clone)]
pub struct Detector {
    /// The interval at which the replica should answer, in seconds.
    expected: f64,
    /// The last intervals between answers, in seconds, the newest last.
    intervals: VecDeque<f64>,
    /// When the replica last answered; at first, when the watch began.
    last: Duration,
    /// How many answers are missing until it is trusted; 0 if it is.
    distrust: u32,
}

impl Detector {
    /// Watches, from `now` on, a replica that should answer once per `expected`.
    pub fn new(now: Duration, expected: Duration) -> Self {
        Self { expected: expected.as_secs_f64(), intervals: VecDeque::new(), last: now, distrust: 0 }
    }

    /// The replica answered.
    pub fn heard(&mut self, now: Duration) {
        // exercise 3.5: Suspect who is unusually silent
        //
        // The time since its last answer is a new sample for the window, which keeps the latest
        // `WINDOW` of them. But an interval that ended in a suspicion (phi has reached `THRESHOLD`)
        // is no sample of how a healthy replica answers: a replica that comes and goes would teach
        // its detector that absence is normal. After such an interval the replica has to answer
        // `TRUSTED_AFTER` times, this one included, without another suspicion in between, before it
        // is trusted; `distrust` counts them down.
        todo!("exercise 3.5: Suspect who is unusually silent")
        // end exercise 3.5
    }

    /// How surprising the silence is: -log10 of the probability that the next answer comes later still.
    pub fn phi(&self, now: Duration) -> f64 {
        // exercise 3.5, continued: how surprising is the silence
        //
        // Take the mean of the window and its standard deviation; if there is no sample yet, the
        // mean is the `expected` interval. The deviation has a floor of half the expected interval:
        // a replica that answers like clockwork may still lose a packet or two. Then `later` gives
        // phi for a silence that is that many deviations longer than the mean (or, below 0,
        // shorter).
        todo!("exercise 3.5: Suspect who is unusually silent")
        // end exercise 3.5
    }

    /// Whether the replica is suspected: it has been silent for too long, or was and is not trusted
    /// again yet.
    pub fn suspects(&self, now: Duration) -> bool {
        // exercise 3.5, continued: whom not to trust
        todo!("exercise 3.5: Suspect who is unusually silent")
        // end exercise 3.5
    }

    /// This process was suspended for `time`: silence in that time says nothing.
    pub fn slept(&mut self, time: Duration) {
        // exercise 3.5, continued: it was I who slept
        //
        // A process that was suspended for a minute finds all its peers silent for a minute. Count
        // the silence as if that time had not passed.
        todo!("exercise 3.5: Suspect who is unusually silent")
        // end exercise 3.5
    }
}

/// -log10 of the probability that a value of the normal distribution is more than `deviations` above the
/// mean.
///
/// It uses the logistic curve that is within 0.00014 of the normal one (Bowling et al., "A logistic
/// approximation to the cumulative normal distribution", 2009). Far out the error of the ratio is
/// larger, which moves the threshold a little, and nothing else.
fn later(deviations: f64) -> f64 {
    let x = deviations * (1.5976 + 0.07056 * deviations * deviations);
    // log10(1 + e^x), without the overflow of e^x.
    (x.max(0.0) + (-x.abs()).exp().ln_1p()) / std::f64::consts::LN_10
}
