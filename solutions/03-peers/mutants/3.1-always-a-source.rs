// mutant of 3.1, part 2: the host name is always a source
// Without a base it counts from 1, and a laptop called mac-2 becomes replica 3.
let base = self.replica_base.unwrap_or(1);
let host = self.host_name.split('.').next().unwrap_or_default();
let ordinal = host.rsplit_once('-').and_then(|(_, ordinal)| number(ordinal));
if ordinal.is_none() && self.replica_base.is_none() {
    return Ok(None);
}
let ordinal = ordinal.ok_or_else(|| bad(&by, NO_NUMBER))?;
match base.checked_add(ordinal) {
    None | Some(0) => Err(bad(&by, NO_SUM)),
    Some(id) => Ok(Some(Said { by, replica: ReplicaId(id) })),
}
