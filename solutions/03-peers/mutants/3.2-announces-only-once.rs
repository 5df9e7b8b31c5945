// mutant of 3.2, part 2: announces itself only where there is no entry
// A replica that moved, or that was added with a wrong address, is never found again.
match current {
    Known::Removed => Ok(Standing::Removed),
    Known::Member(other) if are_two(&other, me) => Ok(Standing::Taken(other)),
    Known::Member(_) => Ok(Standing::Member),
    Known::Unknown => {
        write.put(&key, me.encode_to_vec())?;
        Ok(Standing::Member)
    }
}
