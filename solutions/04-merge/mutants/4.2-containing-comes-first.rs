// mutant of 4.2: asks the vectors before the versions
// A vector contains its own write too, so the same object is always newer.
if theirs.vector.contains(ours.version) {
    Relation::Newer
} else if ours.vector.contains(theirs.version) {
    Relation::Older
} else if ours.version == theirs.version {
    Relation::Equal
} else {
    Relation::Concurrent
}
