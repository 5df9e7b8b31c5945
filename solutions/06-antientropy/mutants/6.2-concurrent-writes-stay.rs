// mutant of 6.2: leaves concurrent writes alone
// The vectors tell that neither is an update of the other, so neither may be overwritten. The replicas never agree.
self.seen.insert(key.encode());
let Some(held) = &ours else {
    return Some(Reply::Say(Message::Check { key, head: None }));
};
let stamp = |head: &Head| merge::Stamp {
    version: head.version,
    vector: head.metadata.vector.iter().copied().map(store::Version::from).collect(),
};
match merge::relation(&stamp(held), &stamp(theirs)) {
    merge::Relation::Older => Some(Reply::Repair(key)),
    merge::Relation::Newer => Some(Reply::Say(Message::Check { key, head: ours })),
    merge::Relation::Equal | merge::Relation::Concurrent => None,
}
