// mutant of 4.2: equal only where the vectors are equal, too
// Comparing all of it seems safer. But one version is one write, whatever else differs is for the breach to say.
if ours == theirs {
    Relation::Equal
} else if ours.version != theirs.version && theirs.vector.contains(ours.version) {
    Relation::Newer
} else if ours.version != theirs.version && ours.vector.contains(theirs.version) {
    Relation::Older
} else {
    Relation::Concurrent
}
