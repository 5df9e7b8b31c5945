// mutant of 4.4: a version that cannot be true is a damaged record
// An error discards the whole write: with it goes all that came in the same group, and came rightly.
if !write.observe(theirs.version) {
    return Err(Error::damaged(&key.encode(), "it is too far ahead"));
}
self.decide(write, key, theirs, known)
