// mutant of 5.2, part 2: a gap of one is none
// The log begins after 10, and the next that is needed is 10: so nothing is missing, it seems. 10 is.
let before = merge.knowledge_in(write)?.get(*from);
let mut outcomes = Vec::with_capacity(changes.len());
for change in changes {
    if change.sequence <= before {
        outcomes.push(Applied::Equal);
        continue;
    }
    outcomes.push(merge.apply(write, &change.key, &change.object)?);
    if outcomes.last() == Some(&Applied::TooFarAhead) {
        break;
    }
}
let complete = outcomes.last() != Some(&Applied::TooFarAhead);
if complete && merge.knowledge_in(write)?.get(*from) + 1 >= *cut {
    merge.learn(write, *from, *reached)?;
}
let known = merge.knowledge_in(write)?.get(*from);
Ok(Done { outcomes, known })
