// mutant of 3.2: stops at the first conflict
// The rest of the message looks suspect too. It is not, and who comes after the conflict is never heard of.
for Entry { replica, key, object: theirs } in entries {
    if !write.observe(theirs.version) {
        continue;
    }
    let ours = write.current(key)?;
    if let Some(ours) = &ours {
        conflicts.extend(conflict(key, ours, theirs));
    }
    if ours.as_ref().is_none_or(|ours| theirs.version > ours.version) {
        write.store(key, ours.as_ref(), theirs)?;
        stored.push(*replica);
    }
    if !conflicts.is_empty() {
        break;
    }
}
