// mutant of 3.1: replica 1 by default
// Convenient on a laptop. In a fleet every replica that lost its configuration becomes replica 1.
let Some(first) = said.first() else {
    return Ok(ReplicaId(1));
};
match said.iter().find(|other| other.replica != first.replica) {
    Some(second) => Err(Error::TwoIdentities { first: first.words(), second: second.words() }),
    None => Ok(first.replica),
}
