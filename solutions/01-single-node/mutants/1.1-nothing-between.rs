// mutant of 1.1: nothing between namespace and key
// Both are known when the record is written, so it is easy to forget that only bytes are left.
let mut record = vec![OBJECT];
record.extend_from_slice(namespace);
record.extend_from_slice(prefix);
record
