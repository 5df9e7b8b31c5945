// mutant of 3.2: does not ask what the clock refused
// The entry is stored with a version that no write here can ever be later than.
for Entry { replica, key, object: theirs } in entries {
    let _ = write.observe(theirs.version);
    let ours = write.current(key)?;
    if let Some(ours) = &ours {
        conflicts.extend(conflict(key, ours, theirs));
    }
    if ours.as_ref().is_none_or(|ours| theirs.version > ours.version) {
        write.store(key, ours.as_ref(), theirs)?;
        stored.push(*replica);
    }
}
