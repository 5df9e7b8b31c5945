// mutant of 3.5, part 3: suspects by distrust alone
// Distrust begins when the peer is heard again, so a dead peer is never suspected.
self.distrust > 0
