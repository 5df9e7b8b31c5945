// mutant of 2.4: the last group is lost
// A group is written when it is full, and the last one seldom is.
let mut group = Vec::with_capacity(GROUP);
while let Some(request) = requests.next().await {
    if results.len() + group.len() == MAX_BATCH {
        results.extend(write_group(&store, &metrics, std::mem::take(&mut group)).await?);
        return Err(Error::BatchTooLong.into());
    }
    metrics.received_in_stream("Batch");
    group.push(request?);
    if is_full(&group) {
        results.extend(write_group(&store, &metrics, std::mem::take(&mut group)).await?);
    }
}
