// mutant of 5.1, part 3: from the first entry again
// What was cut is deleted, so a scan finds the oldest entry by itself. It does, and walks over all that was cut.
let after = u64::max(after, 0);
