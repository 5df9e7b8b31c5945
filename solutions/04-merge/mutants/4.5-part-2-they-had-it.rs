// mutant of 4.5, part 2: everybody had it, so it may go
// What they wrote before they had it is forgotten: it may still be on its way.
evidence
    .waits_for()
    .iter()
    .all(|member| evidence.reports.get(member).is_some_and(|report| report.contains(version)))
