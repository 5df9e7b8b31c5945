// mutant of 5.3, part 2: asks whether what was cut is acknowledged
// What is not acknowledged may be lost, so it must stay in the log. But on one stream nothing is lost: a
// peer that has not answered yet is cut off though nothing was left out.
if self.acknowledged.is_some_and(|acknowledged| page.cut > acknowledged) && page.cut > self.cut {
    return Err(Error::CutAway(self.peer));
}
let messages: Vec<_> = page.changes.into_iter().filter_map(log::Change::message).collect();
self.credit = self.credit.saturating_sub(messages.len() as u32);
self.sent = page.through;
Ok(messages)
