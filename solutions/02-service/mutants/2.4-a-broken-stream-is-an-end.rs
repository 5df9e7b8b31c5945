// mutant of 2.4: a broken stream is taken for its end
// `Some(Ok(request))` reads well. The client is told that all is well, with fewer results.
let mut group = Vec::with_capacity(GROUP);
while let Some(Ok(request)) = requests.next().await {
    if results.len() + group.len() == MAX_BATCH {
        results.extend(write_group(&store, &metrics, std::mem::take(&mut group)).await?);
        return Err(Error::BatchTooLong.into());
    }
    metrics.received_in_stream("Batch");
    group.push(request);
    if is_full(&group) {
        results.extend(write_group(&store, &metrics, std::mem::take(&mut group)).await?);
    }
}
results.extend(write_group(&store, &metrics, group).await?);
