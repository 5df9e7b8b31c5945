// mutant of 3.2: tells the store that there was nothing
// `write.store` is given what it replaces, to count it and to tell the layers above. With None each change counts as one object more.
for Entry { replica, key, object: theirs } in entries {
    if !write.observe(theirs.version) {
        continue;
    }
    let ours = write.current(key)?;
    if let Some(ours) = &ours {
        conflicts.extend(conflict(key, ours, theirs));
    }
    if ours.as_ref().is_none_or(|ours| theirs.version > ours.version) {
        write.store(key, None, theirs)?;
        stored.push(*replica);
    }
}
