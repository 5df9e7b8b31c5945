// mutant of 4.5, part 2: all but one is here
// The write that it is making just now has that number, so it can't be here yet. It may be the one that comes back.
evidence.waits_for().iter().all(|member| {
    evidence.reports.get(member).is_some_and(|report| {
        let later = report.contains(version);
        let known = evidence.ours.get(*member) + 1 >= report.get(*member);
        later && known
    })
})
