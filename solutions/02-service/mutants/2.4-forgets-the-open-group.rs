// mutant of 2.4: forgets the open group when the batch is too long
// The refusal says that the first so many are on disk, and some of them are not.
let mut group = Vec::with_capacity(GROUP);
while let Some(request) = requests.next().await {
    if results.len() + group.len() == MAX_BATCH {
        return Err(Error::BatchTooLong.into());
    }
    metrics.received_in_stream("Batch");
    group.push(request?);
    if is_full(&group) {
        results.extend(write_group(&store, &metrics, std::mem::take(&mut group)).await?);
    }
}
results.extend(write_group(&store, &metrics, group).await?);
