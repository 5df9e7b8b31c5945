// mutant of 1.3: a tombstone for what was never there
// It saves the look at what is there, and fills the disk with tombstones of mistyped keys.
let current = self.current(key)?;
let tombstone = self.stamp(current.as_ref(), Content::Tombstone)?;
self.store(key, current.as_ref(), &tombstone)?;
Ok(Some(tombstone))
