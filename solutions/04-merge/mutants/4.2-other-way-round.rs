// mutant of 4.2: seen from the other side
// Whose vector is asked for whose version is easily mixed up.
if ours.version == theirs.version {
    Relation::Equal
} else if ours.vector.contains(theirs.version) {
    Relation::Newer
} else if theirs.vector.contains(ours.version) {
    Relation::Older
} else {
    Relation::Concurrent
}
