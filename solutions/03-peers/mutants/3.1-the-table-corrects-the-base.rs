// mutant of 3.1: the table of the fleet corrects the base
// Both go by the host name, so the table looks like the better word of the two.
let Some(first) = said.first() else {
    return Err(Error::NoIdentity { host_name: sources.host_name.clone() });
};
match said.iter().find(|other| {
    other.replica != first.replica
        && !(first.by.starts_with("--replica-base") && other.by.contains(" for the host name "))
}) {
    Some(second) => Err(Error::TwoIdentities { first: first.words(), second: second.words() }),
    None => Ok(first.replica),
}
