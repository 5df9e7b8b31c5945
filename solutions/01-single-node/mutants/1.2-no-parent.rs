// mutant of 1.2: no parent
// The vector seems to say it all already.
let version = self.clock.tick()?;
let mut vector = current.map(|object| object.vector.clone()).unwrap_or_default();
vector.include(version);
Ok(Object { version, parent: None, vector, region, owner, content })
