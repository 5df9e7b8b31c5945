// mutant of 5.2, part 2: learns before it applies
// All of it is one transaction, so the order seems not to matter. But what is known already and not
// there looks like an echo.
merge.learn(write, *from, *reached)?;
let mut outcomes = Vec::with_capacity(changes.len());
for change in changes {
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
