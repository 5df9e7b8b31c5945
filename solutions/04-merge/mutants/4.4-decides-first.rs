// mutant of 4.4: stores, and then observes
// It is called TooFarAhead, and has come in.
let applied = self.decide(write, key, theirs, known)?;
Ok(if write.observe(theirs.version) { applied } else { Applied::TooFarAhead })
