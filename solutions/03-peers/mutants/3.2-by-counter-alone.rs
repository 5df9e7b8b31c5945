// mutant of 3.2: compares the counter alone
// Two writes with one counter: each replica keeps the one that came first.
for Entry { replica, key, object: theirs } in entries {
    if !write.observe(theirs.version) {
        continue;
    }
    let ours = write.current(key)?;
    if let Some(ours) = &ours {
        conflicts.extend(conflict(key, ours, theirs));
    }
    if ours.as_ref().is_none_or(|ours| theirs.version.counter > ours.version.counter) {
        write.store(key, ours.as_ref(), theirs)?;
        stored.push(*replica);
    }
}
