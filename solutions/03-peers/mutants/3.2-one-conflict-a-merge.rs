// mutant of 3.2: one conflict a merge is reported
// One error line seems enough. Once it is mended the other comes as a surprise.
for Entry { replica, key, object: theirs } in entries {
    if !write.observe(theirs.version) {
        continue;
    }
    let ours = write.current(key)?;
    if let Some(ours) = &ours {
        if conflicts.is_empty() {
            conflicts.extend(conflict(key, ours, theirs));
        }
    }
    if ours.as_ref().is_none_or(|ours| theirs.version > ours.version) {
        write.store(key, ours.as_ref(), theirs)?;
        stored.push(*replica);
    }
}
