// mutant of 4.5, part 2: as far as anybody has heard of it
// The furthest report seems the safest. But what the replica wrote after it had the tombstone is later anyway.
evidence.waits_for().iter().all(|member| {
    let furthest = evidence.reports.values().map(|report| report.get(*member)).max().unwrap_or_default();
    evidence.reports.get(member).is_some_and(|report| {
        report.contains(version) && evidence.ours.get(*member) >= furthest
    })
})
