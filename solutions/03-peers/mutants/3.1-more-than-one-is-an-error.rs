// mutant of 3.1: more than one source is an error
// Strict, but a host name and a table that say the same are no mistake.
let Some(first) = said.first() else {
    return Err(Error::NoIdentity { host_name: sources.host_name.clone() });
};
match said.get(1) {
    Some(second) => Err(Error::TwoIdentities { first: first.words(), second: second.words() }),
    None => Ok(first.replica),
}
