// mutant of 1.5: the clock is saved again, to be sure
// All is in one update, and then the clock once more. It puts an old clock over a new one, and doubles each write's time.
let (answer, counter) = self
    .engine
    .update(move |txn| {
        let mut write = Write::begin(txn, &shared)?;
        let answer = body(&mut write)?;
        let (clock, counts) = write.end();
        txn.put(CLOCK, clock.counter().to_be_bytes());
        txn.put(COUNTS, counts.encode_to_vec());
        Ok::<_, Error>((answer, clock.counter()))
    })
    .await?;
self.engine
    .update(move |txn| {
        txn.put(CLOCK, counter.to_be_bytes());
        Ok(answer)
    })
    .await
