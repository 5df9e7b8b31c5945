// mutant of 1.2: the vector lacks the write itself
// The vector of the replaced object is copied, and its own write is taken for granted.
let version = self.clock.tick()?;
let vector = current.map(|object| object.vector.clone()).unwrap_or_default();
Ok(Object { version, parent: current.map(|object| object.version), vector, region, owner, content })
