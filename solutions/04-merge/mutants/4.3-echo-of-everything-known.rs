// mutant of 4.3: what is known is refused, whatever is held
// It was taken in before, so it is not needed. But then an equal one is an echo, and a breach is never seen.
if known.contains(theirs.version) {
    return Ok(Applied::Echo);
}
let Some(ours) = write.current(key)? else {
    write.store(key, None, theirs)?;
    return Ok(Applied::New);
};
let concurrent = relation(&Stamp::from(&ours), &Stamp::from(theirs)) == Relation::Concurrent;
match order(ours.version, theirs.version) {
    Ordering::Equal if ours == *theirs => Ok(Applied::Equal),
    Ordering::Equal => Ok(self.breach(key, &ours, theirs)),
    Ordering::Less => {
        if concurrent {
            self.keep(write, key, &ours, theirs.version)?;
        }
        write.store(key, Some(&ours), theirs)?;
        Ok(if concurrent { Applied::Won } else { Applied::Newer })
    }
    Ordering::Greater if concurrent => {
        self.keep(write, key, theirs, ours.version)?;
        Ok(Applied::Lost)
    }
    Ordering::Greater => Ok(Applied::Older),
}
