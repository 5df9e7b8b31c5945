// mutant of 3.5, part 4: clears the window on waking
// Nothing was wrong with the samples: they end before the sleep.
self.last += time;
self.intervals.clear();
