// mutant of 5.2, part 2: stops at a breach
// It was not stored either, so it seems to be the same case. But it never will be, and one number that
// was given twice then ends replication from that replica for good.
let before = merge.knowledge_in(write)?.get(*from);
let mut outcomes = Vec::with_capacity(changes.len());
for change in changes {
    if change.sequence <= before {
        outcomes.push(Applied::Equal);
        continue;
    }
    outcomes.push(merge.apply(write, &change.key, &change.object)?);
    if matches!(outcomes.last(), Some(Applied::TooFarAhead | Applied::Breach)) {
        break;
    }
}
let complete = !matches!(outcomes.last(), Some(Applied::TooFarAhead | Applied::Breach));
if complete && merge.knowledge_in(write)?.get(*from) >= *cut {
    merge.learn(write, *from, *reached)?;
}
let known = merge.knowledge_in(write)?.get(*from);
Ok(Done { outcomes, known })
