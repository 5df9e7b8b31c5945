// mutant of 3.1, part 2: takes the digits at the end
// No '-' is asked for, so atoll2 becomes replica 3, and so does a host named for the room it stands in.
let Some(base) = self.replica_base else {
    return Ok(None);
};
let host = self.host_name.split('.').next().unwrap_or_default();
let digits = host.trim_end_matches(|letter: char| letter.is_ascii_digit()).len();
let ordinal = Some(&host[digits..]).filter(|digits| !digits.is_empty()).and_then(number);
let ordinal = ordinal.ok_or_else(|| bad(&by, NO_NUMBER))?;
match base.checked_add(ordinal) {
    None | Some(0) => Err(bad(&by, NO_SUM)),
    Some(id) => Ok(Some(Said { by, replica: ReplicaId(id) })),
}
