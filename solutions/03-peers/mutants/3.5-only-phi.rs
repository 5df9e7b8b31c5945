// mutant of 3.5, part 3: suspects by phi alone
// One answer, and phi is 0 again.
self.phi(now) >= THRESHOLD
