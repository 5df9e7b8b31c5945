// mutant of 4.3: keeps what is overwritten, and not what is turned away
// Nothing is deleted here when theirs loses. But it was acknowledged to a client somewhere, and is lost as well.
let Some(ours) = write.current(key)? else {
    if known.contains(theirs.version) {
        return Ok(Applied::Echo);
    }
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
    Ordering::Greater if concurrent => Ok(Applied::Lost),
    Ordering::Greater => Ok(Applied::Older),
}
