// mutant of 6.2: a counter of 32 bits
// Nobody writes so often. But each start may leave out a hundred million numbers.
self.seen.insert(key.encode());
let relation = ours.as_ref().map_or(Ordering::Less, |ours| (ours.version.counter as u32)
    .cmp(&(theirs.version.counter as u32))
    .then(ours.version.replica.cmp(&theirs.version.replica)));
match relation {
    Ordering::Greater => Some(Reply::Repair(key)),
    Ordering::Less => Some(Reply::Say(Message::Check { key, head: ours })),
    Ordering::Equal => None,
}
