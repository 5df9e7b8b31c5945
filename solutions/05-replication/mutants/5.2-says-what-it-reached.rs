// mutant of 5.2, part 2: acknowledges what came
// It came, and it is on disk. What is acknowledged is where the next stream resumes, and a gap lies
// before it.
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
let known = *reached;
Ok(Done { outcomes, known })
