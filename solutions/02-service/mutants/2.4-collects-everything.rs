// mutant of 2.4: everything is collected first
// One group is the fastest of all, until a client sends a million writes.
let mut group = Vec::new();
while let Some(request) = requests.next().await {
    metrics.received_in_stream("Batch");
    group.push(request?);
}
results.extend(write_group(&store, &metrics, group).await?);
