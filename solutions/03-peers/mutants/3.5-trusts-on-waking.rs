// mutant of 3.5, part 4: trusts everybody on waking
// The observer was away, and forgets whom it had reason to suspect before.
self.last += time;
self.distrust = 0;
