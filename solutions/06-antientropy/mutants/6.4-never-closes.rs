// mutant of 6.4, part 2: leaves the closing to the remote
// Whoever does not close cannot close too early. The remote waits for the end of the half, and ends nothing before.
self.asked.pop_front().map_or(Next::Wait, Next::Answer)
