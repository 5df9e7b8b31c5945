// mutant of 3.1, part 2: only the last digit counts
// Right up to ten replicas.
let Some(base) = self.replica_base else {
    return Ok(None);
};
let host = self.host_name.split('.').next().unwrap_or_default();
let ordinal = host.contains('-').then(|| number(host.get(host.len().saturating_sub(1)..)?)).flatten();
let ordinal = ordinal.ok_or_else(|| bad(&by, NO_NUMBER))?;
match base.checked_add(ordinal) {
    None | Some(0) => Err(bad(&by, NO_SUM)),
    Some(id) => Ok(Some(Said { by, replica: ReplicaId(id) })),
}
