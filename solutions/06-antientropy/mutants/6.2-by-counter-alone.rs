// mutant of 6.2: compares counters
// The counter is the time of the write; two replicas that wrote at the same counter stay different for ever.
self.seen.insert(key.encode());
let counter = ours.as_ref().map_or(0, |ours| ours.version.counter);
match counter.cmp(&theirs.version.counter) {
    Ordering::Greater => Some(Reply::Repair(key)),
    Ordering::Less => Some(Reply::Say(Message::Check { key, head: ours })),
    Ordering::Equal => None,
}
