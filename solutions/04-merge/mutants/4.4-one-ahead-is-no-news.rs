// mutant of 4.4: one ahead is no news
// The next write here gets that number anyway, it seems. It gets the same number, and may lose the tie.
if theirs.version.counter > write.clock() + 1 && !write.observe(theirs.version) {
    return Ok(Applied::TooFarAhead);
}
self.decide(write, key, theirs, known)
