// mutant of 4.1: a signed id
// The usual type for a number. The larger half of the ids is negative then.
a.counter.cmp(&b.counter).then((a.replica.0 as i64).cmp(&(b.replica.0 as i64)))
