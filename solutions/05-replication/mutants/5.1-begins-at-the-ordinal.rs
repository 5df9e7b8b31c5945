// mutant of 5.1, part 3: begins at the ordinal of the cut
// A place has two numbers, and both count changes. Records stand by the other one.
let cut = record::place(CUT, reader.get(CUT)?)?;
let after = after.max(cut.ordinal);
