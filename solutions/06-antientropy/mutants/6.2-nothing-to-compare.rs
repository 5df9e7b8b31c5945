// mutant of 6.2: says nothing of a key that it does not hold
// There is nothing to compare with. So a new key never comes here.
self.seen.insert(key.encode());
let ours = ours?;
match merge::order(ours.version, theirs.version) {
    Ordering::Greater => Some(Reply::Repair(key)),
    Ordering::Less => Some(Reply::Say(Message::Check { key, head: Some(ours) })),
    Ordering::Equal => None,
}
