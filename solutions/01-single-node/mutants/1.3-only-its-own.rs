// mutant of 1.3: deletes what it wrote itself
// "A write like any other of this replica", so its own objects look like all that there can be.
let mine = self.shared.identity.replica;
let Some(current) =
    self.current(key)?.filter(|object| !object.is_tombstone() && object.version.replica == mine)
else {
    return Ok(None);
};
let tombstone = self.stamp(Some(&current), Content::Tombstone)?;
self.store(key, Some(&current), &tombstone)?;
Ok(Some(tombstone))
