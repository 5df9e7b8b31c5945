// mutant of 5.2, part 2: passes over what it wrote itself
// Its own writes are here already. So it never sees one that it did not make.
let before = merge.knowledge_in(write)?.get(*from);
let me = write.identity().replica;
let mut outcomes = Vec::with_capacity(changes.len());
for change in changes {
    if change.sequence <= before || change.object.version.replica == me {
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
