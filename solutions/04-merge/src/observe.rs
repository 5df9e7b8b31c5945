//! The Lamport clock moves on with what is received.

use store::{Version, Write};

/// How far ahead of the own clock a version may be: 2^48.
///
/// Between two contacts of replicas that work there are never so many writes: at a million a second they
/// take nine years. And a damaged or hostile counter that is let through uses up at most a 65,536th of the
/// counters that there are, instead of all.
pub const MAX_AHEAD: u64 = 1 << 48;

/// Moves the clock on to `version`; false where it is too far ahead to be true, and nothing was done.
pub(crate) fn observe(write: &mut Write<'_, '_>, version: Version) -> bool {
    // exercise 4.4: Observe what is received
    //
    // Whatever this replica writes from now on must be later than what it has received
    // (`write.observe`), or its clients' writes lose against what they replaced. What stands here does
    // nothing of the kind. But a counter can also be wrong: one that is more than `MAX_AHEAD` ahead of
    // the clock (`write.clock`), or that would leave the clock less room than that to the last value,
    // must not move the clock. A clock never comes back.
    // starter:
    // | true
    // end starter
    let ahead = version.counter.saturating_sub(write.clock());
    if ahead > MAX_AHEAD || version.counter > u64::MAX - MAX_AHEAD {
        return false;
    }
    write.observe(version);
    true
    // end exercise 4.4
}
