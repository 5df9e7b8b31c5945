// mutant of 4.5, part 2: counters of 32 bits
// Nobody writes so often. But each start may leave out a hundred million numbers.
evidence.waits_for().iter().all(|member| {
    evidence.reports.get(member).is_some_and(|report| {
        let later = report.contains(version);
        let known = evidence.ours.get(*member) as u32 >= report.get(*member) as u32;
        later && known
    })
})
