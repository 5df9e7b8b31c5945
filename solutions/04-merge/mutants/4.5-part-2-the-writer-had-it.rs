// mutant of 4.5, part 2: the replica that deleted it knows best
// The deleting replica has the tombstone, of course; the question is who else has.
evidence.waits_for().iter().all(|member| {
    evidence.reports.get(member).is_some_and(|report| {
        report.get(*member) >= version.counter && evidence.ours.get(*member) >= report.get(*member)
    })
})
