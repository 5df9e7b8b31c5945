// mutant of 3.1, part 2: a host name without a number says nothing
// Then a base that somebody gave is passed over, and another source decides alone.
let Some(base) = self.replica_base else {
    return Ok(None);
};
let host = self.host_name.split('.').next().unwrap_or_default();
let ordinal = host.rsplit_once('-').and_then(|(_, ordinal)| number(ordinal));
let Some(ordinal) = ordinal else {
    return Ok(None);
};
match base.checked_add(ordinal) {
    None | Some(0) => Err(bad(&by, NO_SUM)),
    Some(id) => Ok(Some(Said { by, replica: ReplicaId(id) })),
}
