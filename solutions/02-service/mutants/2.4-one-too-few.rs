// mutant of 2.4: one too few
// The bound is looked at after a write and not before the next, so a batch that is just full is refused.
let mut group = Vec::with_capacity(GROUP);
while let Some(request) = requests.next().await {
    metrics.received_in_stream("Batch");
    group.push(request?);
    if is_full(&group) {
        results.extend(write_group(&store, &metrics, std::mem::take(&mut group)).await?);
    }
    if results.len() + group.len() >= MAX_BATCH {
        results.extend(write_group(&store, &metrics, std::mem::take(&mut group)).await?);
        return Err(Error::BatchTooLong.into());
    }
}
results.extend(write_group(&store, &metrics, group).await?);
