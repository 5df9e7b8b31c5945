// mutant of 3.2: keeps ours where there is a conflict
// Then the table depends on who was heard first.
for Entry { replica, key, object: theirs } in entries {
    if !write.observe(theirs.version) {
        continue;
    }
    let ours = write.current(key)?;
    if let Some(ours) = &ours
        && let Some(conflict) = conflict(key, ours, theirs)
    {
        conflicts.push(conflict);
        continue;
    }
    if ours.as_ref().is_none_or(|ours| theirs.version > ours.version) {
        write.store(key, ours.as_ref(), theirs)?;
        stored.push(*replica);
    }
}
