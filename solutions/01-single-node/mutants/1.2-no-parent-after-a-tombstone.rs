// mutant of 1.2: a tombstone is no parent
// What was deleted is gone, so the put looks like a first one; yet it replaced the tombstone.
let version = self.clock.tick()?;
let mut vector = current.map(|object| object.vector.clone()).unwrap_or_default();
vector.include(version);
let parent = current.filter(|object| !object.is_tombstone()).map(|object| object.version);
Ok(Object { version, parent, vector, region, owner, content })
