// mutant of 4.4: does not ask what was refused
// The clock stayed where it is; the object is stored all the same, and nobody here can ever write over it.
let _ = write.observe(theirs.version);
self.decide(write, key, theirs, known)
