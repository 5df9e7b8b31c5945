// mutant of 1.2: the vector knows one step only
// The version that was replaced and its own: what that one had known of is lost.
let version = self.clock.tick()?;
let parent = current.map(|object| object.version);
let vector = parent.into_iter().chain([version]).collect();
Ok(Object { version, parent, vector, region, owner, content })
