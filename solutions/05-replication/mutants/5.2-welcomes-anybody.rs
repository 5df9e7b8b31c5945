// mutant of 5.2: does not look at the clock
// The clock is only a number in a message; what could be wrong with it?
Ok((Self { from, cut: begin.cut, reached: known.max(begin.cut) }, resume(known, CREDIT)))
