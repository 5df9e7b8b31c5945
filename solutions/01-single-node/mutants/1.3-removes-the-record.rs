// mutant of 1.3: the record is removed
// What a store of one node does, and what makes deleted objects come back in one of many.
let Some(current) = self.current(key)?.filter(|object| !object.is_tombstone()) else {
    return Ok(None);
};
let tombstone = self.stamp(Some(&current), Content::Tombstone)?;
self.txn.delete(key.encode());
self.counts.objects -= 1;
Ok(Some(tombstone))
