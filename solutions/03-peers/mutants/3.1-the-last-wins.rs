// mutant of 3.1: the last source wins
// The more special source is thought to overrule the more general one.
match said.last() {
    Some(last) => Ok(last.replica),
    None => Err(Error::NoIdentity { host_name: sources.host_name.clone() }),
}
