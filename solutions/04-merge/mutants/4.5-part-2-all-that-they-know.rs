// mutant of 4.5, part 2: waits for all that others know
// Safe, and too strict: a replica speaks for its own writes. Where all write all day, no two ever know the same.
evidence.waits_for().iter().all(|member| {
    evidence.reports.get(member).is_some_and(|report| {
        report.contains(version) && report.iter().all(|theirs| {
            theirs.replica == evidence.me || evidence.ours.contains(theirs)
        })
    })
})
