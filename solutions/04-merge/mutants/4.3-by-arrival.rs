// mutant of 4.3: theirs came last, so it wins a conflict
// Last writer wins, and what arrives last is taken for the last write.
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
    Ordering::Greater if concurrent => {
        self.keep(write, key, &ours, theirs.version)?;
        write.store(key, Some(&ours), theirs)?;
        Ok(Applied::Won)
    }
    Ordering::Greater => Ok(Applied::Older),
}
