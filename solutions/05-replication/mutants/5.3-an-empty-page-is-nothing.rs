// mutant of 5.3, part 2: stays where it is when a page is empty
// Nothing was read, so nothing was sent. But the clock has moved on, and peers that are not told so keep
// their tombstones.
if page.cut > self.sent {
    return Err(Error::CutAway(self.peer));
}
let last = page.changes.last().map(|_| page.through);
let messages: Vec<_> = page.changes.into_iter().filter_map(log::Change::message).collect();
self.credit = self.credit.saturating_sub(messages.len() as u32);
if let Some(through) = last {
    self.sent = through;
}
Ok(messages)
