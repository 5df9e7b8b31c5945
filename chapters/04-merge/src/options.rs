//! What an operator may set, and which durations depend on each other.

use std::time::Duration;

/// What an operator may set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How many lost writes are kept.
    pub stomps: usize,
    /// For how long.
    pub stomps_kept: Duration,
    /// A replica not heard from for longer is left behind; longer than `settle`.
    pub away_limit: Duration,
    /// How old a report must be before tombstones are collected by it: longer than the longest
    /// session of anti-entropy, so that nothing sent before the report is still in flight.
    pub settle: Duration,
    /// The most records to read each time that tombstones are collected.
    pub walk: usize,
}

/// Two durations that contradict each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadTimes {
    /// A session may still bring what a report says was known before it.
    #[error(
        "tombstones would be collected by what a peer said {} s ago (--settle), and a session with it may take {} s \
         (--session-limit); give --settle {}, or more",
        settle.as_secs_f64(), session.as_secs_f64(), session.as_secs() + 1
    )]
    Settle {
        /// How old a report has to be.
        settle: Duration,
        /// How long a session may take.
        session: Duration,
    },
    /// Nobody would be waited for.
    #[error(
        "a replica would be left behind after {} s (--away-limit), before anything is collected by what it said: that takes {} s; \
         give --away-limit {}, or more",
        away.as_secs_f64(), settle.as_secs_f64(), settle.as_secs() + 1
    )]
    Away {
        /// After how long a replica is left behind.
        away: Duration,
        /// How old a report has to be.
        settle: Duration,
    },
}

impl Default for Options {
    fn default() -> Self {
        let day = Duration::from_secs(24 * 60 * 60);
        let settle = Duration::from_secs(120);
        Self { stomps: 1000, stomps_kept: 7 * day, away_limit: 7 * day, settle, walk: 100_000 }
    }
}

impl Options {
    /// Whether the durations are consistent, if no session of anti-entropy takes longer than
    /// `session`.
    ///
    /// # Errors
    /// Says which are not, and what to set instead.
    pub fn check(&self, session: Duration) -> Result<(), BadTimes> {
        let (settle, away) = (self.settle, self.away_limit);
        if settle <= session {
            return Err(BadTimes::Settle { settle, session });
        }
        if away <= settle {
            return Err(BadTimes::Away { away, settle });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_before_a_report_settles_and_a_report_settles_before_a_replica_is_left_behind() {
        let seconds = Duration::from_secs;
        let check = |session, settle, away| {
            let options =
                Options { settle: seconds(settle), away_limit: seconds(away), ..Options::default() };
            options.check(seconds(session)).map_err(|error| error.to_string())
        };
        assert_eq!(Options::default().check(seconds(30)), Ok(()));
        let settle = check(30, 30, 100).unwrap_err();
        assert!(settle.ends_with("give --settle 31, or more"), "{settle}");
        assert_eq!(check(30, 31, 100), Ok(()));
        let away = check(30, 120, 120).unwrap_err();
        assert!(away.ends_with("give --away-limit 121, or more"), "{away}");
        assert_eq!(check(30, 120, 121), Ok(()));
    }
}
