// mutant of 1.2: the vector holds only the write itself
// The vector says who wrote the object, and this replica wrote it; that it knew of others' writes is lost.
let version = self.clock.tick()?;
let vector = [version].into_iter().collect();
Ok(Object { version, parent: current.map(|object| object.version), vector, region, owner, content })
