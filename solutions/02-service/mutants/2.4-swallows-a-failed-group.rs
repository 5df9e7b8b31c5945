// mutant of 2.4: a group that failed is left out
// The others are written all the same, and the client may not count the results.
let mut group = Vec::with_capacity(GROUP);
while let Some(request) = requests.next().await {
    if results.len() + group.len() == MAX_BATCH {
        results.extend(write_group(&store, &metrics, std::mem::take(&mut group)).await?);
        return Err(Error::BatchTooLong.into());
    }
    metrics.received_in_stream("Batch");
    group.push(request?);
    if is_full(&group) {
        if let Ok(written) = write_group(&store, &metrics, std::mem::take(&mut group)).await {
            results.extend(written);
        }
    }
}
if let Ok(written) = write_group(&store, &metrics, group).await {
    results.extend(written);
}
