// mutant of 6.2: asks with what the initiator holds
// A CHECK names the version that is wanted, one could think. It tells what the one that asks holds.
self.seen.insert(key.encode());
let relation = ours.as_ref().map_or(Ordering::Less, |ours| merge::order(ours.version, theirs.version));
match relation {
    Ordering::Greater => Some(Reply::Repair(key)),
    Ordering::Less => Some(Reply::Say(Message::Check { key, head: Some(theirs.clone()) })),
    Ordering::Equal => None,
}
