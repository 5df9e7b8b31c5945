// mutant of 1.1: a separator between namespace and key
// The way of paths and URLs. It holds until a namespace, or a key, contains the separator.
let mut record = vec![OBJECT];
record.extend_from_slice(namespace);
record.push(b'/');
record.extend_from_slice(prefix);
record
