// mutant of 4.2: compares the vectors entry by entry
// The way of the textbook. It holds until a key is deleted, forgotten and written anew.
let newer = ours.vector.iter().all(|version| theirs.vector.contains(version));
let older = theirs.vector.iter().all(|version| ours.vector.contains(version));
match (newer, older) {
    (true, true) => Relation::Equal,
    (true, false) => Relation::Newer,
    (false, true) => Relation::Older,
    (false, false) => Relation::Concurrent,
}
