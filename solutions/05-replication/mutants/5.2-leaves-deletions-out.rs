// mutant of 5.2, part 2: leaves deletions out
// There is no value to store. What was deleted elsewhere is kept here.
let before = merge.knowledge_in(write)?.get(*from);
let mut outcomes = Vec::with_capacity(changes.len());
for change in changes {
    if change.sequence <= before || change.object.is_tombstone() {
        outcomes.push(Applied::Equal);
        continue;
    }
    outcomes.push(merge.apply(write, &change.key, &change.object)?);
    if outcomes.last() == Some(&Applied::TooFarAhead) {
        break;
    }
}
let complete = outcomes.last() != Some(&Applied::TooFarAhead);
if complete && merge.knowledge_in(write)?.get(*from) >= *cut {
    merge.learn(write, *from, *reached)?;
}
let known = merge.knowledge_in(write)?.get(*from);
Ok(Done { outcomes, known })
