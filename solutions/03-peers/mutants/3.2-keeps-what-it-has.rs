// mutant of 3.2: keeps what it has
// Only what is missing is taken, so nobody ever moves or leaves.
for Entry { replica, key, object: theirs } in entries {
    if !write.observe(theirs.version) {
        continue;
    }
    let ours = write.current(key)?;
    if let Some(ours) = &ours {
        conflicts.extend(conflict(key, ours, theirs));
    }
    if ours.is_none() {
        write.store(key, ours.as_ref(), theirs)?;
        stored.push(*replica);
    }
}
