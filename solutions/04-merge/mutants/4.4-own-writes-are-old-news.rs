// mutant of 4.4: own writes move nothing
// The own clock must be past them. It is not, if the directory was lost: then counters are given twice.
if theirs.version.replica != write.identity().replica && !write.observe(theirs.version) {
    return Ok(Applied::TooFarAhead);
}
self.decide(write, key, theirs, known)
