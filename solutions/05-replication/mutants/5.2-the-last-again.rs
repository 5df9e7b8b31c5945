// mutant of 5.2, part 2: applies the last one that is known again
// Off by one: "known up to 5" contains the write 5.
let before = merge.knowledge_in(write)?.get(*from);
let mut outcomes = Vec::with_capacity(changes.len());
for change in changes {
    if change.sequence < before {
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
