// mutant of 4.5: waits for whom only a replica knows that was left behind
// Its report is still there. But nobody will ever hear of those again.
let mut waits = self.members.clone();
waits.extend(self.ours.replicas());
waits.extend(self.reports.values().flat_map(|report| report.replicas()));
waits.retain(|replica| *replica != self.me && !self.left_behind.contains(replica));
waits
