//! How long calls took.

use std::fmt;
use std::time::Duration;

/// A share of all calls, in calls of a thousand, and what it is called.
const SHARES: [(usize, &str); 3] = [(500, "p50"), (990, "p99"), (999, "p99.9")];

/// The times of the calls of one measurement, and how long it went on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Latency {
    sorted: Vec<Duration>,
    within: Duration,
}

impl Latency {
    /// Of calls that were made `within` a time, by any number of callers at once.
    pub(crate) fn of(mut calls: Vec<Duration>, within: Duration) -> Self {
        calls.sort_unstable();
        Self { sorted: calls, within }
    }

    /// Calls in a second.
    pub(crate) fn rate(&self) -> f64 {
        if self.within.is_zero() { 0.0 } else { self.sorted.len() as f64 / self.within.as_secs_f64() }
    }

    /// The shortest time that at least `thousandths` of the calls did not exceed.
    fn percentile(&self, thousandths: usize) -> Duration {
        let rank = (self.sorted.len() * thousandths).div_ceil(1000);
        self.sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
    }

    /// The head of what `Display` writes.
    pub(crate) fn head(of: &str) -> String {
        let shares: String = SHARES.iter().map(|(_, name)| format!("{name:>8}")).collect();
        format!("{of:>9}{shares}")
    }
}

/// The rate, and milliseconds for each share.
impl fmt::Display for Latency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:9.0}", self.rate())?;
        SHARES
            .iter()
            .try_for_each(|(share, _)| write!(f, "{:8.1}", self.percentile(*share).as_secs_f64() * 1e3))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_a_time_that_a_call_took() {
        let millis = |n| Duration::from_millis(n);
        let thousand = Latency::of((1..=1000).rev().map(millis).collect(), Duration::from_secs(2));
        assert_eq!(thousand.to_string(), "      500   500.0   990.0   999.0");
        let three = Latency::of(vec![millis(7), millis(1), millis(3)], Duration::from_secs(1));
        assert_eq!([500, 990, 999, 1000].map(|share| three.percentile(share)), [3, 7, 7, 7].map(millis));
        assert_eq!(Latency::default().to_string(), "        0     0.0     0.0     0.0");
        assert_eq!(Latency::head("puts/s"), "   puts/s     p50     p99   p99.9");
    }
}
