// mutant of 4.2: only a later version can be newer
// Whoever knew of a write has the larger number, if its clock has always moved on. What happened is the vector's to tell.
if ours.version == theirs.version {
    Relation::Equal
} else if theirs.vector.contains(ours.version) && ours.version < theirs.version {
    Relation::Newer
} else if ours.vector.contains(theirs.version) && theirs.version < ours.version {
    Relation::Older
} else {
    Relation::Concurrent
}
