//! Which failed calls are worth a retry, and when.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};
use tonic::{Code, Status};

/// The longest first wait.
const BASE: Duration = Duration::from_millis(100);

/// The longest wait of all.
const CAP: Duration = Duration::from_secs(10);

/// Decides after each failure of one call whether to retry, and how long to wait first.
///
/// It has no clock and does not sleep, so a test sees a whole hour of it at once. The waits are
/// those of
/// "full jitter" (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
#[derive(Debug, Clone)]
pub struct Backoff {
    base: Duration,
    cap: Duration,
    failures: u32,
    random: fastrand::Rng,
}

impl Backoff {
    /// For one call: the first wait is at most `base`, each bound twice the one before, none over `cap`.
    pub fn new(base: Duration, cap: Duration, random: fastrand::Rng) -> Self {
        Self { base, cap, failures: 0, random }
    }

    /// The call failed with `code` at `now`. How long to wait before the next try; None to give up.
    ///
    /// `repeatable`: doing it twice does no more than doing it once. `now` and `deadline` count from the
    /// same moment, whichever it is.
    pub fn failed(
        &mut self,
        code: Code,
        repeatable: bool,
        now: Duration,
        deadline: Duration,
    ) -> Option<Duration> {
        // exercise 3.4: Decide whether to try again, and when
        //
        // A retry helps if the other side could not serve just now (UNAVAILABLE) or was overloaded
        // (RESOURCE_EXHAUSTED); any other code is an answer. But UNAVAILABLE may also mean that the
        // connection broke after the call was executed: only what is repeatable is retried. The wait is
        // random between 0 and the bound, and the bound is `base * 2^failures`, `cap` at most.
        // Thousands that failed at one moment come back spread over all of it. Take exactly one
        // `self.random.f64()`, which is from 0 to 1, for each wait: the check knows the numbers. And
        // 2^failures outgrows any integer. If the next try would begin at the deadline or after it,
        // give up now: the caller learns sooner, and nobody works on what nobody waits for.
        let passes = matches!(code, Code::Unavailable | Code::ResourceExhausted);
        if !passes || !repeatable {
            return None;
        }
        let bound = self.base.saturating_mul(2_u32.saturating_pow(self.failures)).min(self.cap);
        self.failures = self.failures.saturating_add(1);
        let wait = bound.mul_f64(self.random.f64());
        (now + wait < deadline).then_some(wait)
        // end exercise 3.4
    }
}

/// Makes a `call`, repeatedly if that helps, until the `deadline`.
///
/// # Errors
/// The status of the last try, or DEADLINE_EXCEEDED if the deadline passed during the first.
pub async fn retry<T, F>(
    repeatable: bool,
    deadline: Instant,
    random: fastrand::Rng,
    mut call: impl FnMut() -> F,
) -> Result<T, Status>
where
    F: Future<Output = Result<T, Status>>,
{
    let began = Instant::now();
    let mut backoff = Backoff::new(BASE, CAP, random);
    let mut last = Status::deadline_exceeded("no answer in time");
    loop {
        // A try that the deadline cuts off says less than the one before it.
        match timeout_at(deadline, call()).await {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(status)) => last = status,
            Err(_) => return Err(last),
        }
        match backoff.failed(last.code(), repeatable, began.elapsed(), deadline - began) {
            Some(wait) => sleep(wait).await,
            None => return Err(last),
        }
    }
}
