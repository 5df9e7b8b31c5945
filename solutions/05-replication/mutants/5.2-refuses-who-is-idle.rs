// mutant of 5.2: refuses a sender that has written nothing new
// Off by one: the clock stands where it stood.
if begin.clock <= known {
    return Err(Error::NumbersAgain { from, clock: begin.clock, known });
}
Ok((Self { from, cut: begin.cut, reached: known.max(begin.cut) }, resume(known, CREDIT)))
