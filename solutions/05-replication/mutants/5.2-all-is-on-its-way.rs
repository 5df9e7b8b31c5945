// mutant of 5.2: counts what is on its way as come
// The sender says where its clock stands, and it sends all up to there. The first answer acknowledges
// the whole log, and a stream that breaks then resumes after it.
if begin.clock < known {
    return Err(Error::NumbersAgain { from, clock: begin.clock, known });
}
Ok((Self { from, cut: begin.cut, reached: begin.clock }, resume(known, CREDIT)))
