// mutant of 1.2: a counter for each key
// Each key has its own history, so its own counter looks natural. It starts again at 1 once a tombstone is gone.
let counter = current.map_or(1, |object| object.version.counter + 1);
let version = crate::Version { counter, replica: identity.replica };
let mut vector = current.map(|object| object.vector.clone()).unwrap_or_default();
vector.include(version);
Ok(Object { version, parent: current.map(|object| object.version), vector, region, owner, content })
