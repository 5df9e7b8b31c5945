// mutant of 3.2: stores what wins as a write of its own
// `put` is at hand. Each replica gives the entry another version, and they never agree.
for Entry { replica, key, object: theirs } in entries {
    if !write.observe(theirs.version) {
        continue;
    }
    let ours = write.current(key)?;
    if let Some(ours) = &ours {
        conflicts.extend(conflict(key, ours, theirs));
    }
    if ours.as_ref().is_none_or(|ours| theirs.version > ours.version) {
        match theirs.value() {
            Some(value) => drop(write.put(key, value.to_vec())?),
            None => drop(write.delete(key)?),
        }
        stored.push(*replica);
    }
}
