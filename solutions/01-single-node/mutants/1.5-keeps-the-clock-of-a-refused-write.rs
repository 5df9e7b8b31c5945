// mutant of 1.5: a refused write moves the clock
// No version is given twice that way, so it looks safe; but then a refused write has written half of what it was to.
self.engine
    .update(move |txn| {
        let mut write = Write::begin(txn, &shared)?;
        let answer = body(&mut write);
        let (clock, counts) = write.end();
        txn.put(CLOCK, clock.counter().to_be_bytes());
        txn.put(COUNTS, counts.encode_to_vec());
        Ok::<_, Error>(answer)
    })
    .await?
