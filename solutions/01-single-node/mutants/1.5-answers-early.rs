// mutant of 1.5: answers before the disk does
// The version is known as soon as the body has run, and the disk is slow: most of the time it goes well.
let (sender, receiver) = tokio::sync::oneshot::channel();
let engine = self.engine.clone();
tokio::spawn(async move {
    engine
        .update(move |txn| {
            let mut write = Write::begin(txn, &shared)?;
            let answer = body(&mut write);
            let (clock, counts) = write.end();
            txn.put(CLOCK, clock.counter().to_be_bytes());
            txn.put(COUNTS, counts.encode_to_vec());
            let refused = answer.as_ref().err().cloned();
            let _ = sender.send(answer);
            refused.map_or(Ok(()), Err)
        })
        .await
});
receiver.await.map_err(|_| engine::Error::Closed)?
