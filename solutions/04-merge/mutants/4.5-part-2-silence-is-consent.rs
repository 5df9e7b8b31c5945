// mutant of 4.5, part 2: who has not reported has nothing against it
// All reports that there are agree. The one that is away has sent none.
evidence.reports.iter().all(|(member, report)| {
    report.contains(version) && evidence.ours.get(*member) >= report.get(*member)
})
