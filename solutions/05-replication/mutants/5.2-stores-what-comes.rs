// mutant of 5.2, part 2: stores what comes
// The sender is the author, so it is right about its writes. And what it sends may be older than what
// is here.
let mut outcomes = Vec::with_capacity(changes.len());
for change in changes {
    let current = write.current(&change.key)?;
    write.store(&change.key, current.as_ref(), &change.object)?;
    outcomes.push(Applied::New);
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
