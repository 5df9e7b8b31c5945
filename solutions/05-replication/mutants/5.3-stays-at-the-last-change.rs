// mutant of 5.3, part 2: moves on to the last change that was sent
// What else? An empty page, and a change that nobody needs.
if page.cut > self.sent {
    return Err(Error::CutAway(self.peer));
}
let last = page.changes.iter().rfind(|change| change.object.is_some()).map(|change| change.sequence);
let messages: Vec<_> = page.changes.into_iter().filter_map(log::Change::message).collect();
self.credit = self.credit.saturating_sub(messages.len() as u32);
self.sent = last.unwrap_or(self.sent);
Ok(messages)
