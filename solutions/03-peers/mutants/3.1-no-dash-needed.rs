// mutant of 3.1, part 2: takes the last part, also where it is the only one
// `rsplit('-').next()` looks like `rsplit_once`, and finds a number in a host that is called 7.
let Some(base) = self.replica_base else {
    return Ok(None);
};
let host = self.host_name.split('.').next().unwrap_or_default();
let ordinal = host.rsplit('-').next().and_then(number);
let ordinal = ordinal.ok_or_else(|| bad(&by, NO_NUMBER))?;
match base.checked_add(ordinal) {
    None | Some(0) => Err(bad(&by, NO_SUM)),
    Some(id) => Ok(Some(Said { by, replica: ReplicaId(id) })),
}
