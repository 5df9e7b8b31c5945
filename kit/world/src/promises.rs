//! What is promised of a fleet, and what each promise is to those who use it.

use crate::facts::Facts;
use crate::run::Run;
use crate::{invariants, losses};

/// A promise that was broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The invariant in words.
    pub invariant: &'static str,
    /// What it is to those who use the fleet, for a reader who meets it for the first time.
    pub meaning: &'static str,
    /// The facts that break it, a line each.
    pub facts: Vec<String>,
}

/// An invariant in words, what it is to those who use the fleet, and the function that tells what breaks it.
type Promise = (&'static str, &'static str, fn(&Facts) -> Vec<String>);

const PROMISES: [Promise; 17] = [
    (
        "all replicas hold the same, byte for byte",
        "Replicas that are left in peace come to hold the same. Where one does not, its clients go on reading \
         something else than all others, and nothing will ever mend it.",
        invariants::identical,
    ),
    (
        "every acknowledged write is there, or a later version of its key",
        "Whoever was told that a write is on disk may forget it. Only a later write of the same key may take its \
         place; here nothing did, and it is gone.",
        invariants::kept,
    ),
    (
        "nothing deleted is back",
        "A delete holds against every replica that has not heard of it yet: its tombstone has the later version. \
         Here a value that is older than the delete can be read again.",
        invariants::deleted_stays_deleted,
    ),
    (
        "every object was written by somebody, as it is",
        "What a replica holds was sent by a client: this key, this value, under this version. Here something was \
         made up, or mixed up with another write.",
        invariants::nothing_invented,
    ),
    (
        "no replica goes back to what it held before",
        "Who reads a key twice at one replica does not read something older the second time, not even when the \
         replica was killed in between: what it answers with is on disk.",
        invariants::onwards,
    ),
    (
        "no task and no file descriptor more than at the start",
        "When all is quiet again a replica holds on to no more than before. What each broken connection leaves \
         behind adds up, until there is no room for the next.",
        invariants::nothing_left_over,
    ),
    (
        "no replica logs an error or a panic",
        "A link that is cut or a peer that is killed is no fault of the replica that notices: it tries again. An \
         error in its log means that somebody has to look, and here there was nothing to look for.",
        invariants::no_complaints,
    ),
    (
        "the replicas agree soon after the last fault",
        "Once all links are open and all replicas run, what one has and another lacks must travel within a few \
         rounds of streams and sessions. To agree at some time or other is no promise that a client can use.",
        invariants::agree_in_time,
    ),
    (
        "no replica claims to know a write that it does not hold",
        "With its vector a replica tells the others which writes it has taken in. They send it none of those again, \
         and forget tombstones by it: who claims too much never gets what is missing.",
        invariants::knows_what_it_holds,
    ),
    (
        "every acknowledged delete has come to every replica",
        "A delete has to be known everywhere before its tombstone may go. A replica that never heard of it may \
         still hold the value, or take it from somebody who does.",
        invariants::deletes_known,
    ),
    (
        "no replica withdraws where none went back in time",
        "A replica withdraws from its fleet when it is shown that it lost writes of its own. Nobody put an old copy \
         in place here, so it took something else for that, and is missing for nothing.",
        invariants::withdrawn_with_cause,
    ),
    (
        "a replica that was removed ends",
        "An operator removes a replica because its machine or its disk is gone, or is to be. It may come back, and has \
         to find out: whoever writes at it would else write to nobody.",
        invariants::removed_are_gone,
    ),
    (
        "what is written while all is well comes by a stream, where streams run",
        "Streams bring a write at once, and anti-entropy brings all, later. Where both run, one hides that the other \
         is dead: here every write arrived, and each of them late.",
        invariants::streams_bring,
    ),
    (
        "an update loses nothing",
        "Whoever has read a value and writes another has lost nothing, and an operator who is told of a lost write has \
         to look into it. Here the later write came from a replica that held the earlier one.",
        losses::updates_lose_nothing,
    ),
    (
        "a write that lost to one that did not know of it is kept as lost",
        "Of two writes that did not know of each other one wins, and a client of the other was told that its write is \
         on disk. So that somebody can look at it, the replica keeps it for a while, and counts it. Here it is gone.",
        losses::losses_are_kept,
    ),
    (
        "of two replicas with one id one is refused or withdraws",
        "A version says who gave it. Two that run under one id give the same version to two writes, each replica takes \
         the second for one that it has, and they differ for ever while all say that all is well.",
        invariants::one_for_each_id,
    ),
    (
        "no task is left of a replica that has ended",
        "A replica that is told to end stops all that it began. A task that goes on holds a connection, a lock or a \
         file that its successor needs.",
        invariants::no_task_left,
    ),
];

impl Run {
    /// All promises that it broke.
    pub fn broken(&self) -> Vec<Violation> {
        match &self.ended {
            Ok(facts) => judge(facts),
            Err(reason) => vec![Violation {
                invariant: "a fleet to which nothing happens comes up and takes writes",
                meaning: "Before the first fault each replica is started, and a write at each has to reach all \
                          others. Here it does not come so far, and what would happen afterwards is not known.",
                facts: vec![reason.clone()],
            }],
        }
    }
}

/// All promises that were broken.
pub fn judge(facts: &Facts) -> Vec<Violation> {
    let judged = PROMISES.iter().map(|(invariant, meaning, broken)| Violation {
        invariant,
        meaning,
        facts: broken(facts),
    });
    judged.filter(|violation| !violation.facts.is_empty()).collect()
}
