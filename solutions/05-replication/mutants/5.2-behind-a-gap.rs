// mutant of 5.2, part 2: learns behind a gap
// The changes came in order, and all of them were stored. What was cut before them did not come.
let mut outcomes = Vec::with_capacity(changes.len());
for change in changes {
    outcomes.push(merge.apply(write, &change.key, &change.object)?);
    if outcomes.last() == Some(&Applied::TooFarAhead) {
        break;
    }
}
let complete = outcomes.last() != Some(&Applied::TooFarAhead);
let _ = cut;
if complete {
    merge.learn(write, *from, *reached)?;
}
let known = merge.knowledge_in(write)?.get(*from);
Ok(Done { outcomes, known })
