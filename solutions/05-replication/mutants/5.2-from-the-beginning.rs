// mutant of 5.2: resumes at the beginning
// At least once is at least once, and nothing can be missed this way.
if begin.clock < known {
    return Err(Error::NumbersAgain { from, clock: begin.clock, known });
}
Ok((Self { from, cut: begin.cut, reached: known.max(begin.cut) }, resume(0, CREDIT)))
