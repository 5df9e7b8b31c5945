// mutant of 4.3: joins the vectors
// The merged object has seen both, so it should say so. But then one version has different bytes at different replicas.
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
        let mut joined = theirs.clone();
        ours.vector.iter().for_each(|version| joined.vector.include(version));
        write.store(key, Some(&ours), &joined)?;
        Ok(if concurrent { Applied::Won } else { Applied::Newer })
    }
    Ordering::Greater if concurrent => {
        self.keep(write, key, theirs, ours.version)?;
        Ok(Applied::Lost)
    }
    Ordering::Greater => Ok(Applied::Older),
}
