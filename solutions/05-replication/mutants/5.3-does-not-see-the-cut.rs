// mutant of 5.3, part 2: sends a page with a hole
// The page has all that the log holds. That a slow peer was still before its beginning shows nowhere.
let messages: Vec<_> = page.changes.into_iter().filter_map(log::Change::message).collect();
self.credit = self.credit.saturating_sub(messages.len() as u32);
self.sent = page.through;
Ok(messages)
