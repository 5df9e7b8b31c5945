// mutant of 5.2: resumes where the log begins
// What was cut cannot be sent anyway. But now the sender believes that the peer has it.
if begin.clock < known {
    return Err(Error::NumbersAgain { from, clock: begin.clock, known });
}
Ok((Self { from, cut: begin.cut, reached: known.max(begin.cut) }, resume(known.max(begin.cut), CREDIT)))
