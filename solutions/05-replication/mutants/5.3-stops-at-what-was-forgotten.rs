// mutant of 5.3, part 2: stops at what was forgotten
// `map_while` for `filter_map`: the first change that gives no message ends the page, and what stands behind it is never sent.
if page.cut > self.sent {
    return Err(Error::CutAway(self.peer));
}
let messages: Vec<_> = page.changes.into_iter().map_while(log::Change::message).collect();
self.credit = self.credit.saturating_sub(messages.len() as u32);
self.sent = page.through;
Ok(messages)
