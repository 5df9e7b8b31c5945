// mutant of 3.2: removals are not merged
// "There is nothing in it." So nobody learns who was removed.
for Entry { replica, key, object: theirs } in entries {
    if !write.observe(theirs.version) {
        continue;
    }
    let ours = write.current(key)?;
    if let Some(ours) = &ours {
        conflicts.extend(conflict(key, ours, theirs));
    }
    if !theirs.is_tombstone() && ours.as_ref().is_none_or(|ours| theirs.version > ours.version) {
        write.store(key, ours.as_ref(), theirs)?;
        stored.push(*replica);
    }
}
