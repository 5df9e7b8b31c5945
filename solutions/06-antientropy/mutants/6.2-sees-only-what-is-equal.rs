// mutant of 6.2: a key is seen only where nothing had to be said
// The others get their repair anyway. Phase 2 sends them a second time.
let relation = ours.as_ref().map_or(Ordering::Less, |ours| merge::order(ours.version, theirs.version));
match relation {
    Ordering::Greater => Some(Reply::Repair(key)),
    Ordering::Less => Some(Reply::Say(Message::Check { key, head: ours })),
    Ordering::Equal => {
        self.seen.insert(key.encode());
        None
    }
}
