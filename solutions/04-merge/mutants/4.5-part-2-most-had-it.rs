// mutant of 4.5, part 2: a majority is enough
// It is enough for many things. The one replica that is missing is the one that brings the dead back.
let waits = evidence.waits_for();
let agree = waits.iter().filter(|member| {
    evidence.reports.get(member).is_some_and(|report| {
        report.contains(version) && evidence.ours.get(**member) >= report.get(**member)
    })
});
2 * agree.count() >= waits.len()
