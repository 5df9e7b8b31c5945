// mutant of 3.2, part 2: a new start is no change
// Address, region and directory are what one sees. The run is what tells a copy from the original.
match current {
    Known::Removed => Ok(Standing::Removed),
    Known::Member(other) if are_two(&other, me) => Ok(Standing::Taken(other)),
    Known::Member(same)
        if (&same.address, &same.region, &same.directory) == (&me.address, &me.region, &me.directory) =>
    {
        Ok(Standing::Member)
    }
    Known::Member(_) | Known::Unknown => {
        write.put(&key, me.encode_to_vec())?;
        Ok(Standing::Member)
    }
}
