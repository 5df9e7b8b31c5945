// mutant of 5.2, part 2: goes on after a write that was refused
// One bad write must not stop the others. But "all up to here" then contains one that is nowhere.
let mut outcomes = Vec::with_capacity(changes.len());
for change in changes {
    outcomes.push(merge.apply(write, &change.key, &change.object)?);
}
let complete = true;
if complete && merge.knowledge_in(write)?.get(*from) >= *cut {
    merge.learn(write, *from, *reached)?;
}
let known = merge.knowledge_in(write)?.get(*from);
Ok(Done { outcomes, known })
