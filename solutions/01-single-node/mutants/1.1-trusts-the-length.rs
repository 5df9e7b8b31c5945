// mutant of 1.1, part 2: decode trusts the length
// Nobody but the store writes these records, so why check; until one is damaged.
let (&length, rest) = record.strip_prefix(&[OBJECT])?.split_first()?;
Some(rest.split_at(length.into()))
