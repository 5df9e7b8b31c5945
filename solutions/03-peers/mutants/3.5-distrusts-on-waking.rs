// mutant of 3.5, part 4: distrusts everybody on waking
// Careful, and wrong: for three rounds nobody is there to replicate with.
self.last += time;
self.distrust = TRUSTED_AFTER;
