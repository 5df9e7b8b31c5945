// mutant of 4.5: waits for those left behind
// They are in the table, too. Then one dead replica keeps all tombstones for ever.
let mut waits = self.members.clone();
waits.extend(self.ours.replicas());
waits.extend(self.reports.values().flat_map(|report| report.replicas()));
waits.remove(&self.me);
waits
