//! Which of two writes wins.

use std::cmp::Ordering;

use store::Version;

/// Whether the write `a` is earlier or later than the write `b`. Of two writes to one key the later
/// one wins, at every replica.
///
/// The order is total: it decides between any two writes, even if neither knew of the other
/// (Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System", 1978, "Ordering the
/// Events Totally").
pub fn order(a: Version, b: Version) -> Ordering {
    // exercise 4.1: Which write wins
    //
    // A write that could know of another has the larger counter, so the counter comes first. Two
    // writes with one counter could not know of each other, and any choice is fair; but all replicas
    // must make the same one, whichever of the two they met first. The replica id decides: the
    // larger one is later. A write is only equal to itself. (`Version` could be compared with `<`;
    // write it out once.)
    a.counter.cmp(&b.counter).then(a.replica.cmp(&b.replica))
    // end exercise 4.1
}
