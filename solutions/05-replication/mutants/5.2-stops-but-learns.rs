// mutant of 5.2, part 2: stops at a refused write, and learns all the same
// The loop breaks as it should; the line after it was there before.
let mut outcomes = Vec::with_capacity(changes.len());
for change in changes {
    outcomes.push(merge.apply(write, &change.key, &change.object)?);
    if outcomes.last() == Some(&Applied::TooFarAhead) {
        break;
    }
}
let complete = true;
if complete && merge.knowledge_in(write)?.get(*from) >= *cut {
    merge.learn(write, *from, *reached)?;
}
let known = merge.knowledge_in(write)?.get(*from);
Ok(Done { outcomes, known })
