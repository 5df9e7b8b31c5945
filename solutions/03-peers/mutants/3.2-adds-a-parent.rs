// mutant of 3.2: an entry gets what it replaced here as its parent
// A write has the version that it replaces as its parent. This is no write: each replica would hold other bytes.
for Entry { replica, key, object: theirs } in entries {
    if !write.observe(theirs.version) {
        continue;
    }
    let ours = write.current(key)?;
    if let Some(ours) = &ours {
        conflicts.extend(conflict(key, ours, theirs));
    }
    if ours.as_ref().is_none_or(|ours| theirs.version > ours.version) {
        let mut copy = theirs.clone();
        copy.parent = ours.as_ref().map(|o| o.version);
        write.store(key, ours.as_ref(), &copy)?;
        stored.push(*replica);
    }
}
