// mutant of 3.2: what comes last wins
// What a peer tells is newer than what one knows. Two replicas that meet at the same moment swap their tables.
for Entry { replica, key, object: theirs } in entries {
    if !write.observe(theirs.version) {
        continue;
    }
    let ours = write.current(key)?;
    if let Some(ours) = &ours {
        conflicts.extend(conflict(key, ours, theirs));
    }
    if ours.as_ref().is_none_or(|ours| theirs.version != ours.version) {
        write.store(key, ours.as_ref(), theirs)?;
        stored.push(*replica);
    }
}
