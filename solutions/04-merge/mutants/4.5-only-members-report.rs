// mutant of 4.5: believes only the reports of members
// Who is in no table seems to have no say. But its report may name somebody whom nobody else has met.
let mut waits = self.members.clone();
waits.extend(self.ours.replicas());
let reporters = self
    .reports
    .iter()
    .filter(|(replica, _)| self.members.contains(replica) && !self.left_behind.contains(replica));
waits.extend(reporters.flat_map(|(_, report)| report.replicas()));
waits.retain(|replica| *replica != self.me && !self.left_behind.contains(replica));
waits
