// mutant of 3.1: only the first two are compared
// Two sources are what one thinks of.
let Some(first) = said.first() else {
    return Err(Error::NoIdentity { host_name: sources.host_name.clone() });
};
match said.get(1).filter(|second| second.replica != first.replica) {
    Some(second) => Err(Error::TwoIdentities { first: first.words(), second: second.words() }),
    None => Ok(first.replica),
}
