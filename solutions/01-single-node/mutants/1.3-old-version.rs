// mutant of 1.3: the tombstone keeps the version of the value
// A deletion writes no value, so it may seem to need no version. Then a peer cannot tell which is later.
let Some(current) = self.current(key)?.filter(|object| !object.is_tombstone()) else {
    return Ok(None);
};
let tombstone = Object { content: Content::Tombstone, ..current.clone() };
self.store(key, Some(&current), &tombstone)?;
Ok(Some(tombstone))
