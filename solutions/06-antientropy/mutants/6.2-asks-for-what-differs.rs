// mutant of 6.2: asks for what differs
// Two objects with one version are no equal objects. But none is later: what comes settles nothing, and every session ends here.
self.seen.insert(key.encode());
let relation = ours.as_ref().map_or(Ordering::Less, |ours| if ours == theirs {
    Ordering::Equal
} else {
    merge::order(ours.version, theirs.version).then(Ordering::Less)
});
match relation {
    Ordering::Greater => Some(Reply::Repair(key)),
    Ordering::Less => Some(Reply::Say(Message::Check { key, head: ours })),
    Ordering::Equal => None,
}
