// mutant of 1.3: an empty value for a tombstone
// Nothing is nothing. But an empty value is a value that somebody may have put.
let Some(current) = self.current(key)?.filter(|object| !object.is_tombstone()) else {
    return Ok(None);
};
let tombstone = self.stamp(Some(&current), Content::Value(Vec::new()))?;
self.store(key, Some(&current), &tombstone)?;
Ok(Some(tombstone))
