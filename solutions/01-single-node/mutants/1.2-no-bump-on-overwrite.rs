// mutant of 1.2: an overwrite keeps the version
// The object is the same object, only its value changed.
let version = match current {
    Some(object) => object.version,
    None => self.clock.tick()?,
};
let mut vector = current.map(|object| object.vector.clone()).unwrap_or_default();
vector.include(version);
Ok(Object { version, parent: current.map(|object| object.version), vector, region, owner, content })
