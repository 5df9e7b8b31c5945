// mutant of 5.2, part 2: passes over the deletion of what is not here
// Where there is nothing, nothing has to be deleted. An older value that is still on its way finds no tombstone.
let before = merge.knowledge_in(write)?.get(*from);
let mut outcomes = Vec::with_capacity(changes.len());
for change in changes {
    if change.sequence <= before || change.object.is_tombstone() && write.current(&change.key)?.is_none() {
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
