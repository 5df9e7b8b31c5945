// mutant of 2.4: a group is full by its number alone
// Sixty-four is a small number, and nobody thinks of sixty-four values of a mebibyte.
let mut group = Vec::with_capacity(GROUP);
while let Some(request) = requests.next().await {
    if results.len() + group.len() == MAX_BATCH {
        results.extend(write_group(&store, &metrics, std::mem::take(&mut group)).await?);
        return Err(Error::BatchTooLong.into());
    }
    metrics.received_in_stream("Batch");
    group.push(request?);
    if group.len() == GROUP {
        results.extend(write_group(&store, &metrics, std::mem::take(&mut group)).await?);
    }
}
results.extend(write_group(&store, &metrics, group).await?);
