// mutant of 5.2, part 2: learns from changes alone
// Progress has nothing to store, so nothing to learn. Then replicas that do not write hold up all
// tombstones.
let mut outcomes = Vec::with_capacity(changes.len());
for change in changes {
    outcomes.push(merge.apply(write, &change.key, &change.object)?);
    if outcomes.last() == Some(&Applied::TooFarAhead) {
        break;
    }
}
let complete = outcomes.last() != Some(&Applied::TooFarAhead);
if complete && merge.knowledge_in(write)?.get(*from) >= *cut {
    merge.learn(write, *from, changes.last().map_or(0, |change| change.sequence))?;
}
let known = merge.knowledge_in(write)?.get(*from);
Ok(Done { outcomes, known })
