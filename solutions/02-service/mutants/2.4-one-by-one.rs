// mutant of 2.4: one write at a time
// Right, and as slow as the disk's sync times the number of writes.
while let Some(request) = requests.next().await {
    if results.len() == MAX_BATCH {
        return Err(Error::BatchTooLong.into());
    }
    metrics.received_in_stream("Batch");
    results.extend(write_group(&store, &metrics, vec![request?]).await?);
}
