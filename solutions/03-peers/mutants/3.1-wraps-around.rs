// mutant of 3.1, part 2: the sum wraps around
// A base at the end of the range gives an id that somebody else may have.
let Some(base) = self.replica_base else {
    return Ok(None);
};
let host = self.host_name.split('.').next().unwrap_or_default();
let ordinal = host.rsplit_once('-').and_then(|(_, ordinal)| number(ordinal));
let ordinal = ordinal.ok_or_else(|| bad(&by, NO_NUMBER))?;
match base.wrapping_add(ordinal) {
    0 => Err(bad(&by, NO_SUM)),
    id => Ok(Some(Said { by, replica: ReplicaId(id) })),
}
