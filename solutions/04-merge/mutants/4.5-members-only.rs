// mutant of 4.5: waits for the members of the own table
// It is the list of members, after all. But a replica that joined a moment ago is not in everybody's.
let mut waits = self.members.clone();
waits.retain(|replica| *replica != self.me && !self.left_behind.contains(replica));
waits
