// mutant of 4.2: one counter for two replicas is a conflict, everything else is order
// As the system that Atoll follows decides it: a conflict is only seen where the counters happen to be equal.
if ours.version == theirs.version {
    Relation::Equal
} else if ours.version.counter == theirs.version.counter {
    Relation::Concurrent
} else if ours.version < theirs.version {
    Relation::Newer
} else {
    Relation::Older
}
