// mutant of 4.5, part 2: they know of my writes up to there
// As if all tombstones were written by the replica that asks.
evidence.waits_for().iter().all(|member| {
    evidence.reports.get(member).is_some_and(|report| {
        report.get(evidence.me) >= version.counter && evidence.ours.get(*member) >= report.get(*member)
    })
})
