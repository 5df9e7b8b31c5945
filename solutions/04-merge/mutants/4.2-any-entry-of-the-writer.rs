// mutant of 4.2: ours knew of some write of that replica
// Ours has an entry of their replica. It may be that of an earlier write.
if ours.version == theirs.version {
    Relation::Equal
} else if theirs.vector.contains(ours.version) {
    Relation::Newer
} else if ours.version > theirs.version
    && ours.vector.iter().any(|version| version.replica == theirs.version.replica)
{
    Relation::Older
} else {
    Relation::Concurrent
}
