// mutant of 4.5, part 2: the tombstone must be in the own knowledge
// It is held here: that is enough. Of a replica that was left behind nobody may ever know all up to there.
evidence.ours.contains(version)
    && evidence.waits_for().iter().all(|member| {
        evidence.reports.get(member).is_some_and(|report| {
            report.contains(version) && evidence.ours.get(*member) >= report.get(*member)
        })
    })
