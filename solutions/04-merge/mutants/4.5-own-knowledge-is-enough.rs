// mutant of 4.5: waits for the reporters
// Whoever talks is a member. Who is away does not talk, and holds what was deleted.
self.reports.keys().copied().filter(|replica| !self.left_behind.contains(replica)).collect()
