// mutant of 3.2, part 2: announces itself each time
// Right in the end, and every merge makes a version that all others must merge.
match current {
    Known::Removed => Ok(Standing::Removed),
    Known::Member(other) if are_two(&other, me) => Ok(Standing::Taken(other)),
    Known::Member(_) | Known::Unknown => {
        write.put(&key, me.encode_to_vec())?;
        Ok(Standing::Member)
    }
}
