// mutant of 3.2: looks for a conflict only where theirs wins
// Half of the conflicts come the other way round, and two writes with one version are never told.
for Entry { replica, key, object: theirs } in entries {
    if !write.observe(theirs.version) {
        continue;
    }
    let ours = write.current(key)?;
    if ours.as_ref().is_none_or(|ours| theirs.version > ours.version) {
        if let Some(ours) = &ours {
            conflicts.extend(conflict(key, ours, theirs));
        }
        write.store(key, ours.as_ref(), theirs)?;
        stored.push(*replica);
    }
}
