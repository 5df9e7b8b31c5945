// mutant of 1.1: length of the key instead of the namespace
// One length is enough to split the rest in two; but only that of the namespace lets a prefix be encoded.
let mut record = vec![OBJECT, prefix.len() as u8];
record.extend_from_slice(namespace);
record.extend_from_slice(prefix);
record
