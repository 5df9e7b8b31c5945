// mutant of 1.5: the counts are written in an update of their own
// Counts are only statistics. But nothing ever mends them after a crash.
let (answer, counts) = self
    .engine
    .update(move |txn| {
        let mut write = Write::begin(txn, &shared)?;
        let answer = body(&mut write)?;
        let (clock, counts) = write.end();
        txn.put(CLOCK, clock.counter().to_be_bytes());
        Ok::<_, Error>((answer, counts))
    })
    .await?;
self.engine
    .update(move |txn| {
        txn.put(COUNTS, counts.encode_to_vec());
        Ok(answer)
    })
    .await
