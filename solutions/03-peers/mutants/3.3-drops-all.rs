// mutant of 3.3, part 2: drops all channels
// Safe, and a stampede at each change of the table.
let _ = peers;
self.lock().clear();
