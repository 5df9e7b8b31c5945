// mutant of 3.2, part 2: fights for its id
// Two replicas with one id overwrite each other for ever.
match current {
    Known::Removed => Ok(Standing::Removed),
    Known::Member(same) if same == *me => Ok(Standing::Member),
    Known::Member(_) | Known::Unknown => {
        write.put(&key, me.encode_to_vec())?;
        Ok(Standing::Member)
    }
}
