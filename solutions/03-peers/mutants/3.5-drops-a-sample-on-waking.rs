// mutant of 3.5, part 4: drops the last sample on waking
// Meant for the interval that spans the sleep. That one is no sample yet.
self.last += time;
self.intervals.pop_back();
