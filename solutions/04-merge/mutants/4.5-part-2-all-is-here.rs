// mutant of 4.5, part 2: everything has come here, so it may go
// Then nothing is on its way to us. But the others may not have heard of the deletion.
evidence.waits_for().iter().all(|member| {
    evidence.reports.get(member).is_some_and(|report| evidence.ours.get(*member) >= report.get(*member))
})
