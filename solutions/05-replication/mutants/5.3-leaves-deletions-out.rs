// mutant of 5.3, part 2: leaves deletions out
// There is no value to send. What was deleted here stays everywhere else, and all say that they know of it.
if page.cut > self.sent {
    return Err(Error::CutAway(self.peer));
}
let is_deletion = |change: &log::Change| {
    let metadata = change.object.as_ref().and_then(|object| object.metadata.as_ref());
    metadata.is_some_and(|metadata| metadata.tombstone)
};
let messages: Vec<_> = page
    .changes
    .into_iter()
    .filter(|change| !is_deletion(change))
    .filter_map(log::Change::message)
    .collect();
self.credit = self.credit.saturating_sub(messages.len() as u32);
self.sent = page.through;
Ok(messages)
