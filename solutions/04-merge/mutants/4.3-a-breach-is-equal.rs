// mutant of 4.3: one version is one write, so equal is equal
// It is a promise. When a directory is restored from a backup, it is broken, and nobody notices.
let Some(ours) = write.current(key)? else {
    if known.contains(theirs.version) {
        return Ok(Applied::Echo);
    }
    write.store(key, None, theirs)?;
    return Ok(Applied::New);
};
let concurrent = relation(&Stamp::from(&ours), &Stamp::from(theirs)) == Relation::Concurrent;
match order(ours.version, theirs.version) {
    Ordering::Equal => Ok(Applied::Equal),
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
