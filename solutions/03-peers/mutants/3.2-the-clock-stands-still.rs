// mutant of 3.2: does not observe
// The next write of this replica gets a version that loses against what it just replaced.
for Entry { replica, key, object: theirs } in entries {
    let ours = write.current(key)?;
    if let Some(ours) = &ours {
        conflicts.extend(conflict(key, ours, theirs));
    }
    if ours.as_ref().is_none_or(|ours| theirs.version > ours.version) {
        write.store(key, ours.as_ref(), theirs)?;
        stored.push(*replica);
    }
}
