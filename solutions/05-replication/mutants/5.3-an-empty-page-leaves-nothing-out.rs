// mutant of 5.3, part 2: looks for the cut where there are changes
// A page without changes cannot have a hole, it seems. All that it would have held may have been cut.
if page.cut > self.sent && !page.changes.is_empty() {
    return Err(Error::CutAway(self.peer));
}
let messages: Vec<_> = page.changes.into_iter().filter_map(log::Change::message).collect();
self.credit = self.credit.saturating_sub(messages.len() as u32);
self.sent = page.through;
Ok(messages)
