//! The numbers that a replica skips when it starts and cannot ask all others.
//!
//! Its directory may be an older copy. Then it already used the next numbers for other writes, and
//! these stay theirs: when the two meet, no version stands for two writes, and the existence of the
//! others shows what happened. Nobody can tell how many they are. So a start skips about a hundred
//! million, more than a replica writes between two backups.
//!
//! A replica that restarts every second would get far ahead of a replica that is down meanwhile,
//! and others believe a counter only up to [`MAX_AHEAD`] beyond their own clock. So each start
//! takes a part of what is left until a limit, counted from the clock when all others were last
//! heard, and no number of starts of any number of replicas passes the limit.

use crate::MAX_AHEAD;

/// How far skipped numbers may lead. Half of what others believe: the rest is for writes.
const LIMIT: u64 = MAX_AHEAD / 2;

/// Which part of what is left until there a start skips at most: at first 2^27 numbers, 134
/// million, and after 20,000 starts in a row still three million.
const PART: u64 = 1 << 12;

/// What a replica has heard when it begins to take writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joined {
    /// It is new, so it has forgotten nothing.
    New,
    /// All others were heard.
    HeardAll,
    /// It belonged to the fleet before, and could not ask all others.
    HeardSome {
        /// A number unique to this start: two copies that start from the same state must not
        /// continue at the same place.
        draw: u64,
    },
}

/// How many numbers are skipped if the clock is at `clock`, and was at `heard` when all others were
/// last heard: at least half of the part; the draw decides how much of the other half.
pub(crate) fn span(heard: u64, clock: u64, draw: u64) -> u64 {
    let part = heard.saturating_add(LIMIT).saturating_sub(clock) / PART;
    part / 2 + draw % (part / 2 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Clock, ReplicaId, Version};

    #[test]
    fn a_start_each_second_stays_within_what_others_believe() {
        let (heard, mut random) = (1_000_000, 7_u64);
        let mut clock = heard;
        let away = Clock::new(heard, ReplicaId(2));
        for start in 0..20_000 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let span = span(heard, clock, random);
            assert!(span > 1_000_000, "start {start} leaves out {span}");
            // And a few writes.
            clock += span + 10;
            assert!(
                away.believes(Version { counter: clock, replica: ReplicaId(1) }),
                "start {start}: {clock}"
            );
        }
        assert!((0..1_000_000).all(|_| {
            clock += span(heard, clock, u64::MAX);
            clock <= heard + LIMIT
        }));
    }
}
