// mutant of 3.1, part 2: forgets the domain
// Kubernetes gives the short name, and other systems the long one, with a number somewhere else in it.
let Some(base) = self.replica_base else {
    return Ok(None);
};
let ordinal = self.host_name.rsplit_once('-').and_then(|(_, ordinal)| number(ordinal));
let ordinal = ordinal.ok_or_else(|| bad(&by, NO_NUMBER))?;
match base.checked_add(ordinal) {
    None | Some(0) => Err(bad(&by, NO_SUM)),
    Some(id) => Ok(Some(Said { by, replica: ReplicaId(id) })),
}
