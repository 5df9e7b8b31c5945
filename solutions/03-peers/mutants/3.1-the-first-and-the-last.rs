// mutant of 3.1: compares the first with the last
// If the ends agree, so does what is between them: true of a sorted list, and this is none.
let (Some(first), Some(last)) = (said.first(), said.last()) else {
    return Err(Error::NoIdentity { host_name: sources.host_name.clone() });
};
if last.replica != first.replica {
    return Err(Error::TwoIdentities { first: first.words(), second: last.words() });
}
Ok(first.replica)
