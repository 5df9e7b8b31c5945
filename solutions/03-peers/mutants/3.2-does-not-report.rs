// mutant of 3.2: does not report a conflict
// The rule of versions has an answer for everything, and so nobody learns that two replicas write under one id.
for Entry { replica, key, object: theirs } in entries {
    if !write.observe(theirs.version) {
        continue;
    }
    let ours = write.current(key)?;
    if ours.as_ref().is_none_or(|ours| theirs.version > ours.version) {
        write.store(key, ours.as_ref(), theirs)?;
        stored.push(*replica);
    }
}
