// mutant of 3.1, part 2: parts the name at the first dash
// `eu-west-atoll-2` has three of them.
let Some(base) = self.replica_base else {
    return Ok(None);
};
let host = self.host_name.split('.').next().unwrap_or_default();
let ordinal = host.split_once('-').and_then(|(_, ordinal)| number(ordinal));
let ordinal = ordinal.ok_or_else(|| bad(&by, NO_NUMBER))?;
match base.checked_add(ordinal) {
    None | Some(0) => Err(bad(&by, NO_SUM)),
    Some(id) => Ok(Some(Said { by, replica: ReplicaId(id) })),
}
