// mutant of 4.5: waits for itself
// The table holds all replicas, this one too, and nobody reports to oneself.
let mut waits = self.members.clone();
waits.extend(self.ours.replicas());
let reporters = self.reports.iter().filter(|(replica, _)| !self.left_behind.contains(replica));
waits.extend(reporters.flat_map(|(_, report)| report.replicas()));
waits.retain(|replica| !self.left_behind.contains(replica));
waits
