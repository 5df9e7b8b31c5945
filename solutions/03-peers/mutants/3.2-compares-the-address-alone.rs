// mutant of 3.2, part 2: compares the address alone
// The directory that an operator could not know stays empty, and nobody can tell two replicas with this id apart.
match current {
    Known::Removed => Ok(Standing::Removed),
    Known::Member(other) if are_two(&other, me) => Ok(Standing::Taken(other)),
    Known::Member(same) if same.address == me.address => Ok(Standing::Member),
    Known::Member(_) | Known::Unknown => {
        write.put(&key, me.encode_to_vec())?;
        Ok(Standing::Member)
    }
}
