// mutant of 3.5, part 3: suspects only who is silent and was distrusted
// `&&` reads as well as `||`.
self.phi(now) >= THRESHOLD && self.distrust > 0
