// mutant of 2.4: stops at the first refusal
// As `?` would. The client cannot tell what became of the writes behind it.
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
results.extend(write_group(&store, &metrics, group).await?);
let refused = results.iter().position(is_refused);
results.truncate(refused.map_or(results.len(), |position| position + 1));
