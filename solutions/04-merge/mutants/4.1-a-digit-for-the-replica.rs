// mutant of 4.1: the replica as the last digits
// Counter and id read as one decimal number; ids are small, until there is one of three digits.
let number = |version: Version| u128::from(version.counter) * 100 + u128::from(version.replica.0);
number(a).cmp(&number(b))
