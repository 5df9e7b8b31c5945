// mutant of 1.5: the clock is written in an update of its own
// The counts belong to the objects, the clock to the replica; so the clock is saved separately.
let (answer, clock) = self
    .engine
    .update(move |txn| {
        let mut write = Write::begin(txn, &shared)?;
        let answer = body(&mut write)?;
        let (clock, counts) = write.end();
        txn.put(COUNTS, counts.encode_to_vec());
        Ok::<_, Error>((answer, clock))
    })
    .await?;
self.engine
    .update(move |txn| {
        txn.put(CLOCK, clock.counter().to_be_bytes());
        Ok(answer)
    })
    .await
