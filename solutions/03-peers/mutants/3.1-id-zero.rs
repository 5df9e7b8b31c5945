// mutant of 3.1, part 2: 0 is an id
// Base 0 and the first pod. Everywhere else 0 means that there is no replica.
let Some(base) = self.replica_base else {
    return Ok(None);
};
let host = self.host_name.split('.').next().unwrap_or_default();
let ordinal = host.rsplit_once('-').and_then(|(_, ordinal)| number(ordinal));
let ordinal = ordinal.ok_or_else(|| bad(&by, NO_NUMBER))?;
match base.checked_add(ordinal) {
    None => Err(bad(&by, NO_SUM)),
    Some(id) => Ok(Some(Said { by, replica: ReplicaId(id) })),
}
