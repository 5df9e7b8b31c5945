// mutant of 6.2: two deletions are equal
// The key is gone on both sides. But their versions differ, and one of the two forgets its own first.
self.seen.insert(key.encode());
if theirs.metadata.tombstone && ours.as_ref().is_some_and(|ours| ours.metadata.tombstone) {
    return None;
}
let relation = ours.as_ref().map_or(Ordering::Less, |ours| merge::order(ours.version, theirs.version));
match relation {
    Ordering::Greater => Some(Reply::Repair(key)),
    Ordering::Less => Some(Reply::Say(Message::Check { key, head: ours })),
    Ordering::Equal => None,
}
