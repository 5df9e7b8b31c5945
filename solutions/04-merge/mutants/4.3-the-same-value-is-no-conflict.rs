// mutant of 4.3: no conflict where both wrote the same value
// Nobody has lost anything, it seems. But two clients have written, and whoever counts conflicts does not see them.
let Some(ours) = write.current(key)? else {
    if known.contains(theirs.version) {
        return Ok(Applied::Echo);
    }
    write.store(key, None, theirs)?;
    return Ok(Applied::New);
};
let concurrent = relation(&Stamp::from(&ours), &Stamp::from(theirs)) == Relation::Concurrent && ours.value() != theirs.value();
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
