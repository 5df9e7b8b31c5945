// mutant of 5.3, part 2: pays for the page
// A page has so many changes. But those that are passed over are never acknowledged, and their credit
// never comes back.
if page.cut > self.sent {
    return Err(Error::CutAway(self.peer));
}
let read = page.changes.len() as u32;
let messages: Vec<_> = page.changes.into_iter().filter_map(log::Change::message).collect();
self.credit = self.credit.saturating_sub(read);
self.sent = page.through;
Ok(messages)
