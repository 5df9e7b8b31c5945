// mutant of 3.2: a removal always wins
// An entry that is later than the removal loses in one order and wins in the other.
for Entry { replica, key, object: theirs } in entries {
    if !write.observe(theirs.version) {
        continue;
    }
    let ours = write.current(key)?;
    if let Some(ours) = &ours {
        conflicts.extend(conflict(key, ours, theirs));
    }
    if ours.as_ref().is_none_or(|ours| theirs.is_tombstone() || theirs.version > ours.version) {
        write.store(key, ours.as_ref(), theirs)?;
        stored.push(*replica);
    }
}
