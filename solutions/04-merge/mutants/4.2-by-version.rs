// mutant of 4.2: the larger version is newer
// That is who wins, and says nothing of whether anybody knew of the other.
match theirs.version.cmp(&ours.version) {
    std::cmp::Ordering::Equal => Relation::Equal,
    std::cmp::Ordering::Greater => Relation::Newer,
    std::cmp::Ordering::Less => Relation::Older,
}
