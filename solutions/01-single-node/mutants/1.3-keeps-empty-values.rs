// mutant of 1.3: an empty value is taken for nothing
// `value` is empty, so there seems to be nothing to delete.
let Some(current) = self.current(key)?.filter(|object| object.value().is_some_and(|value| !value.is_empty())) else {
    return Ok(None);
};
let tombstone = self.stamp(Some(&current), Content::Tombstone)?;
self.store(key, Some(&current), &tombstone)?;
Ok(Some(tombstone))
