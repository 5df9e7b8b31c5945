// mutant of 3.2, part 2: does not look at the region
// Address and directory are what others need to reach it; the region is only shown, until somebody chooses by it.
match current {
    Known::Removed => Ok(Standing::Removed),
    Known::Member(other) if are_two(&other, me) => Ok(Standing::Taken(other)),
    Known::Member(same) if same.address == me.address && same.directory == me.directory => Ok(Standing::Member),
    Known::Member(_) | Known::Unknown => {
        write.put(&key, me.encode_to_vec())?;
        Ok(Standing::Member)
    }
}
