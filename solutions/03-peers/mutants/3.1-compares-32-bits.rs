// mutant of 3.1: compares 32 bits
// Nobody has so many replicas. But ids are chosen, and not counted.
let Some(first) = said.first() else {
    return Err(Error::NoIdentity { host_name: sources.host_name.clone() });
};
match said.iter().find(|other| other.replica.0 as u32 != first.replica.0 as u32) {
    Some(second) => Err(Error::TwoIdentities { first: first.words(), second: second.words() }),
    None => Ok(first.replica),
}
