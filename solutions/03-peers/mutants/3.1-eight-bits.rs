// mutant of 3.1, part 2: a number of eight bits
// Nobody has 256 replicas, but a set of pods that was given high ordinals does not need that many.
let Some(base) = self.replica_base else {
    return Ok(None);
};
let host = self.host_name.split('.').next().unwrap_or_default();
let ordinal = host.rsplit_once('-').and_then(|(_, ordinal)| number(ordinal));
let ordinal = ordinal.and_then(|ordinal| u8::try_from(ordinal).ok()).map(u64::from);
let ordinal = ordinal.ok_or_else(|| bad(&by, NO_NUMBER))?;
match base.checked_add(ordinal) {
    None | Some(0) => Err(bad(&by, NO_SUM)),
    Some(id) => Ok(Some(Said { by, replica: ReplicaId(id) })),
}
