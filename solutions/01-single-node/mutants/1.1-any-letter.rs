// mutant of 1.1, part 2: the first letter is not looked at
// All records that `decode` is given are objects, or so its author believes.
let (&length, rest) = record.get(1..)?.split_first()?;
rest.split_at_checked(length.into())
