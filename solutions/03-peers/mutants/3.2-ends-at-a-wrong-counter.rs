// mutant of 3.2: a counter that cannot be true ends the merge
// The rest of the table may be right, and one bad entry keeps it out for ever.
for Entry { replica, key, object: theirs } in entries {
    if !write.observe(theirs.version) {
        break;
    }
    let ours = write.current(key)?;
    if let Some(ours) = &ours {
        conflicts.extend(conflict(key, ours, theirs));
    }
    if ours.as_ref().is_none_or(|ours| theirs.version > ours.version) {
        write.store(key, ours.as_ref(), theirs)?;
        stored.push(*replica);
    }
}
